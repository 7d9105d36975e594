package b2core.auth.android.support

import android.app.Application
import android.os.UserManager
import b2core.auth.android.KeystoreFault
import b2core.auth.android.KeystoreSessionStore
import b2core.auth.android.KeystoreSettings
import b2core.auth.ffi.StoreException
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.assertFailsWith

/** An app on a device that was just set up: its Keystore and its files. */
class Device {
    val app: Application = RuntimeEnvironment.getApplication()
    val faults = CopyOnWriteArrayList<KeystoreFault>()

    init {
        FakeKeystore.install()
        setUnlocked(true)
    }

    /** A store, as after a new start of the app. */
    fun store(configure: KeystoreSettings.() -> Unit = {}): KeystoreSessionStore =
        KeystoreSessionStore(app, KeystoreSettings().apply { onFault = { faults += it }; configure() })

    val folder: File get() = File(app.noBackupFilesDir, "b2core-auth/sessions")

    /** The files of the records. */
    val records: List<File> get() = files(folder)

    /** The files that were moved aside. */
    val aside: List<File> get() = files(File(folder, "quarantine"))

    fun setUnlocked(isUnlocked: Boolean) =
        shadowOf(app.getSystemService(UserManager::class.java)).setUserUnlocked(isUnlocked)

    /** What has been there since the last time. */
    fun newFaults(): List<KeystoreFault> = faults.toList().also { faults.clear() }

    private fun files(folder: File) = folder.listFiles().orEmpty().filter { it.name.endsWith(".record") }.sorted()
}

/** The store says that it cannot be used now, which is no sign-out. */
inline fun assertUnavailable(call: () -> Unit) {
    assertFailsWith<StoreException.Unavailable> { call() }
}
