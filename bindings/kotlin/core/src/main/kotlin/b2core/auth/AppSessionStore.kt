package b2core.auth

import b2core.auth.ffi.LoadResult
import b2core.auth.ffi.SessionStore
import b2core.auth.ffi.StoreChoice
import b2core.auth.ffi.StoreException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive

/**
 * A store of the app's own, such as one on Android's Keystore. It keeps bytes by name. The bytes hold tokens, so the store
 * has to encrypt them. Names contain slashes and colons, so they are not file names.
 *
 * Within a process, records of one name are written one at a time, even through several clients and stores. Between processes,
 * [processLock] does that. Without one, two processes that share the store can refresh at the same time with the same refresh
 * token: a host that rotates refresh tokens accepts only one of the two requests, and the other one can end the session. Either
 * process can also overwrite what the other has just saved: a sign-out can be undone, and attempts or pending revocations can be
 * lost. So give a lock, or let one process use the store and give the others access tokens, or use [Store.File], which locks
 * between processes.
 *
 * A call is waited for 15 seconds, while the process runs. The caller then gets an error, but nothing else is written under that
 * name until the call has really ended: end a call only when nothing of it can happen any more.
 *
 * Bytes that are no record are reported once. Before that they are saved under the record's name with `damaged/` in front, at most one
 * for each record, and removed from its own name; removing the record, as a sign-out does, removes them too.
 *
 * If one of these functions throws, the call that needed the store throws an [AuthException] whose `cause` is what was thrown; its
 * text is printed nowhere else. Call [unavailable] if the device is locked; anything else means that the store failed. They run on
 * threads of this library's, and may block them for a while.
 */
public abstract class AppSessionStore : Store() {
    /** Reads the record of this name; null if there is none. */
    public abstract suspend fun load(name: String): ByteArray?

    /** Writes the record of this name, atomically. */
    public abstract suspend fun save(name: String, data: ByteArray)

    /** Removes the record of this name. It is no error if there is none. */
    public abstract suspend fun remove(name: String)

    /** The names of all records. Names that this library did not choose are ignored. */
    public abstract suspend fun names(): Collection<String>

    /** The lock between the processes that share this store; null if only one process uses it. */
    public open val processLock: ProcessLock? get() = null

    /** Reports that the store cannot be used now, because of this [cause] if there is one. It is not treated as signed out. */
    @JvmOverloads
    protected fun unavailable(cause: Throwable? = null): Nothing = throw StoreException.Unavailable(cause?.let(Thrown::keep))

    @JvmSynthetic
    final override fun <R> choice(use: (StoreChoice) -> R): R =
        use(StoreChoice.Custom(Bridge(this), processLock?.let { LockBridge(it) }))

    override fun toString(): String = "AppSessionStore"

    private class Bridge(private val store: AppSessionStore) : SessionStore {
        override suspend fun load(name: String): LoadResult = answering {
            store.load(name)?.let { LoadResult.Found(it) } ?: LoadResult.Missing
        }

        override suspend fun save(name: String, data: ByteArray): Unit = answering { store.save(name, data) }

        override suspend fun remove(name: String): Unit = answering { store.remove(name) }

        override suspend fun names(): List<String> = answering { store.names().toList() }
    }
}

private class LockBridge(private val lock: ProcessLock) : b2core.auth.ffi.ProcessLock {
    override suspend fun tryLock(name: String): Boolean = answering { lock.tryLock(name) }

    override suspend fun unlock(name: String) {
        try {
            lock.unlock(name)
        } catch (_: Throwable) {
            // Nobody could do anything about it.
        }
    }
}

/** Maps everything that is thrown to [StoreException]: an `Error` would otherwise leave the native call without an answer. */
private suspend fun <T> answering(call: suspend () -> T): T =
    try {
        call()
    } catch (e: StoreException) {
        throw e
    } catch (e: TimeoutCancellationException) {
        throw StoreException.Unavailable(Thrown.keep(e))
    } catch (e: CancellationException) {
        throw if (currentCoroutineContext().isActive) StoreException.Failed(Thrown.keep(e)) else e
    } catch (e: Throwable) {
        throw StoreException.Failed(Thrown.keep(e))
    }
