package b2core.auth.android

/**
 * Why a [KeystoreSessionStore] could not read or write a record.
 *
 * Those that are not [isLasting] pass: the call throws "unavailable", nothing is moved or removed, and the same call works later.
 * After one that is lasting, the record cannot be opened any more: its bytes are moved aside, and it reads as missing.
 */
public enum class KeystoreFault(
    /** True if the record cannot be opened any more, so that its bytes were moved aside. */
    public val isLasting: Boolean,
) {
    /** The system has invalidated the key for good, such as after the screen lock was removed. Only keys of users can be. */
    KEY_INVALIDATED(true),

    /** The Keystore has no key of the record's: the record comes from a backup or another device, or the key was deleted. */
    KEY_MISSING(true),

    /** The record's bytes were changed or cut off, or belong to another record, or the key is not the one that sealed them. */
    RECORD_CORRUPT(true),

    /** The device was not unlocked since it was started. */
    DEVICE_LOCKED(false),

    /** The key requires that the user authenticates first, by [KeyProtection.UserAuthentication]. */
    USER_NOT_AUTHENTICATED(false),

    /** The Keystore of the device does not answer as it should now. If it never does, see [KeystoreSessionStore.startOver]. */
    KEYSTORE_FAILED(false),

    /** The files cannot be read or written, for example because the disk is full. A record that was there is intact. */
    STORAGE_FAILED(false),
}

/** Is notified of each [KeystoreFault] when it happens, on a thread of the store's: for logs, metrics, or to unlock the key. */
public fun interface KeystoreFaultListener {
    /** What it throws is ignored. */
    public fun onFault(fault: KeystoreFault)
}

/** A fault on its way to the store's caller. It has no cause: messages of other parts can contain anything. */
internal class KeystoreTrouble(val fault: KeystoreFault) : Exception(fault.name)
