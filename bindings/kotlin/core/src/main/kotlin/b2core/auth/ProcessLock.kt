package b2core.auth

/**
 * Locks the records of an [AppSessionStore] between the processes that share it. The system has to free a lock when its process
 * dies: use a file lock, not a record.
 *
 * A lock is held during a refresh, which is as long as the host takes; at the end of a sign-in, when its session is saved; during
 * a sign-out, as far as the store is concerned; and for each change of the pending step, of the counted attempts and of the
 * pending revocations. It is not asked for twice by one process at a time. `waitForRefresh` of the client returns when none is
 * held.
 */
public interface ProcessLock {
    /**
     * Takes the lock of this name. False if another process holds it; it is then asked for again, every few milliseconds for a while.
     * Throw if nobody can say.
     */
    public suspend fun tryLock(name: String): Boolean

    /** Gives the lock of this name back. */
    public suspend fun unlock(name: String)
}
