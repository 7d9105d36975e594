package b2core.auth.android

import java.io.File
import java.time.Duration

/** The settings of a [KeystoreSessionStore]. They are read once, by its constructor. */
public class KeystoreSettings {
    /**
     * The store's name, for several stores in one app: 1 to 40 letters, digits, `-` and `_`. It is part of the keys' aliases and of
     * the folder. Another name is another store.
     */
    public var name: String = "sessions"

    /** What it takes to use the key. It holds for keys that are made from now on; a key that is there keeps its own. */
    public var protection: KeyProtection = KeyProtection.Device

    /** Whether the key is made in the device's secure element (StrongBox), where there is one. It takes some 100 ms a call. */
    public var strongBox: Boolean = true

    /** Is notified of each fault; null for nobody. */
    public var onFault: KeystoreFaultListener? = null

    /**
     * The folder of the records, which nobody else uses; null for one in the app's `noBackupFilesDir`. It has to be in
     * credential-protected storage that no backup includes.
     */
    public var directory: File? = null

    override fun toString(): String = "KeystoreSettings"
}

/** What it takes to use the key of a [KeystoreSessionStore]. */
public sealed class KeyProtection {
    /** This device and this app. The app can refresh its session in the background, also while the screen is locked. */
    public object Device : KeyProtection() {
        override fun toString(): String = "Device"
    }

    /**
     * The user too: they have to have unlocked the device, or passed a `BiometricPrompt`, not longer ago than [timeout]. Until then
     * the store is unavailable, and nothing can be read or refreshed. The key is lost for good when the screen lock is removed;
     * a device without a screen lock cannot have such a key.
     *
     * @param timeout in whole seconds, from 1 second on.
     */
    public class UserAuthentication(public val timeout: Duration) : KeyProtection() {
        init {
            require(timeout.seconds in 1..Int.MAX_VALUE) { "the timeout is at least one second" }
        }

        override fun toString(): String = "UserAuthentication($timeout)"
    }
}
