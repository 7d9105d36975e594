package b2core.auth

import b2core.auth.ffi.StoreException
import b2core.auth.ffi.TransportException
import kotlinx.coroutines.future.await
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage

/**
 * An [AppSessionStore] for Java: its calls return futures. What is said there of the calls and their failures is true here of the
 * futures. A call may block its thread for a while.
 */
public abstract class FutureSessionStore : AppSessionStore() {
    /** Reads the record of this name; null if there is none. */
    public abstract fun loadAsync(name: String): CompletionStage<ByteArray?>

    /** Writes the record of this name, atomically. */
    public abstract fun saveAsync(name: String, data: ByteArray): CompletionStage<*>

    /** Removes the record of this name. It is no error if there is none. */
    public abstract fun removeAsync(name: String): CompletionStage<*>

    /** The names of all records. */
    public abstract fun namesAsync(): CompletionStage<out Collection<String>>

    /** The result of a call if the store cannot be used now, because of this [cause] if there is one. It is not treated as signed out. */
    @JvmOverloads
    protected fun <T> unavailableNow(cause: Throwable? = null): CompletionStage<T> =
        CompletableFuture<T>().apply { completeExceptionally(StoreException.Unavailable(cause?.let(Thrown::keep))) }

    final override suspend fun load(name: String): ByteArray? = loadAsync(name).await()

    final override suspend fun save(name: String, data: ByteArray) {
        saveAsync(name, data).await()
    }

    final override suspend fun remove(name: String) {
        removeAsync(name).await()
    }

    final override suspend fun names(): Collection<String> = namesAsync().await()
}

/**
 * An [AppTransport] for Java: it answers by a future, which is cancelled with the call that needs the answer. [sendAsync] may
 * block its thread for a while.
 */
public abstract class FutureTransport : AppTransport() {
    /** Sends the request. The future completes with the whole answer, or is one of [noAnswerBecause]. */
    public abstract fun sendAsync(request: HttpRequest): CompletionStage<HttpResponse>

    /** The result of [sendAsync] if there is no answer, because of this [cause] if there is one. */
    @JvmOverloads
    protected fun noAnswerBecause(why: NetworkProblem, cause: Throwable? = null): CompletionStage<HttpResponse> =
        CompletableFuture<HttpResponse>().apply {
            completeExceptionally(TransportException.Network(why, cause?.let(Thrown::keep)))
        }

    final override suspend fun send(request: HttpRequest): HttpResponse = sendAsync(request).await()
}

/** A [ProcessLock] for Java: its calls return futures. */
public abstract class FutureProcessLock : ProcessLock {
    /** Takes the lock of this name. False if another process holds it. */
    public abstract fun tryLockAsync(name: String): CompletionStage<Boolean>

    /** Gives the lock of this name back. */
    public abstract fun unlockAsync(name: String): CompletionStage<*>

    final override suspend fun tryLock(name: String): Boolean = tryLockAsync(name).await()

    final override suspend fun unlock(name: String) {
        unlockAsync(name).await()
    }
}
