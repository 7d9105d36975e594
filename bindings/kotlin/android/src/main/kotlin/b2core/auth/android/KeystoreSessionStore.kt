package b2core.auth.android

import android.content.Context
import android.os.UserManager
import b2core.auth.AppSessionStore
import b2core.auth.ProcessLock
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException

/**
 * A store for Android: records are sealed with AES-256-GCM under a key that the Android Keystore made and keeps, in files of the app
 * that no backup includes.
 *
 * ```
 * val client = AuthClient("https://broker.example", KeystoreSessionStore(context))
 * ```
 *
 * The constructor opens nothing, so it can be called on the main thread. All work runs on threads of its own. Several stores of one
 * name share their records, also those of the app's other processes: [processLock] is a lock on a file.
 *
 * Whatever goes wrong has a [KeystoreFault], which [KeystoreSettings.onFault] gets and [lastFault] keeps. Nobody is signed out by
 * what can pass. A record that cannot be opened any more is moved aside and reads as missing; [restoreQuarantined] brings it back if
 * its key comes back.
 *
 * @throws IllegalArgumentException if a setting cannot be used, or the [context] is of device-protected storage: tokens are for
 * nobody before the device is unlocked.
 */
public class KeystoreSessionStore @JvmOverloads constructor(
    context: Context,
    settings: KeystoreSettings = KeystoreSettings(),
) : AppSessionStore() {
    private val context: Context = context.applicationContext ?: context
    private val name = settings.name
    private val directory = settings.directory
    private val onFault = settings.onFault

    private val folder by lazy {
        RecordFolder(directory ?: File(this.context.noBackupFilesDir, "b2core-auth/$name")).apply { prepare() }
    }

    private val vault by lazy {
        val keys = KeyMaker(this.context, protection, strongBox)
        KeyVault("b2core.auth.$name", keys, folder, ::report)
    }

    private val protection = settings.protection
    private val strongBox = settings.strongBox

    init {
        require(NAME.matches(name)) { "the name of a store is 1 to 40 letters, digits, - and _" }
        require(!this.context.isDeviceProtectedStorage) { "sessions belong into credential-protected storage" }
    }

    /** The newest fault of this store since it was made; null if there was none. */
    @Volatile
    public var lastFault: KeystoreFault? = null
        private set

    override val processLock: ProcessLock = object : ProcessLock {
        override suspend fun tryLock(name: String): Boolean = work { FileLocks.tryLock(folder.lockFile(name)) }

        override suspend fun unlock(name: String): Unit =
            withContext(THREADS) { FileLocks.unlock(folder.lockFile(name)) }
    }

    override suspend fun load(name: String): ByteArray? = work { read(name) }

    override suspend fun save(name: String, data: ByteArray): Unit = work {
        // Together, so that the key is not given up in between.
        folder.locked { folder.write(name, vault.seal(name, data)) }
    }

    /** Removes the record, and what was moved aside of it. It needs no key. */
    override suspend fun remove(name: String): Unit = work { folder.remove(name) }

    /** The names of all records. It needs no key. */
    override suspend fun names(): Collection<String> = work {
        folder.all().mapNotNull { SealedRecord.parse(it)?.name }.distinct()
    }

    /**
     * Brings back the records that were moved aside and that can be opened again, where there is no newer one; returns how many.
     * What was signed out does not come back. Begin anew with the client's sessions afterwards.
     */
    public suspend fun restoreQuarantined(): Int = work {
        folder.bringBack { bytes ->
            val name = SealedRecord.parse(bytes)?.name
            try {
                name != null && vault.open(name, bytes).isNotEmpty()
            } catch (e: KeystoreTrouble) {
                if (!e.fault.isLasting) throw e
                false
            }
        }
    }

    /**
     * Moves all records aside, so that the next one gets a new key: for a device whose Keystore goes on failing with
     * [KeystoreFault.KEYSTORE_FAILED], once the user agrees to sign in again.
     */
    public suspend fun startOver(): Unit = work { folder.setAllAside() }

    override fun toString(): String = "KeystoreSessionStore"

    private fun read(name: String): ByteArray? {
        var failed: ByteArray? = null
        while (true) {
            val bytes = folder.read(name) ?: return null
            try {
                return vault.open(name, bytes)
            } catch (e: KeystoreTrouble) {
                if (!e.fault.isLasting) throw e
                // It is given up only if the Keystore says so twice of the same bytes, which are still there.
                if (failed?.contentEquals(bytes) == true && folder.quarantine(name, bytes)) {
                    report(e.fault)
                    return null
                }
                failed = bytes
            }
        }
    }

    /** Runs it on a thread that may wait, and says what went wrong. */
    private suspend fun <T> work(what: () -> T): T = withContext(THREADS) {
        try {
            if (!isUnlocked()) throw KeystoreTrouble(KeystoreFault.DEVICE_LOCKED)
            what()
        } catch (e: KeystoreTrouble) {
            report(e.fault)
            unavailable(e)
        } catch (e: IOException) {
            report(KeystoreFault.STORAGE_FAILED)
            throw e
        }
    }

    /** False from a start of the device until its user has unlocked it once: the files are out of reach, and not missing. */
    private fun isUnlocked() = context.getSystemService(UserManager::class.java)?.isUserUnlocked != false

    private fun report(fault: KeystoreFault) {
        lastFault = fault
        try {
            onFault?.onFault(fault)
        } catch (_: Exception) {
            // The store's work goes on.
        }
    }

    private companion object {
        /** There however many of the app's threads are blocked, perhaps by requests that wait for a token from here. */
        val THREADS = Dispatchers.IO.limitedParallelism(16, "b2core-auth-keystore")

        val NAME = Regex("[A-Za-z0-9_-]{1,40}")
    }
}
