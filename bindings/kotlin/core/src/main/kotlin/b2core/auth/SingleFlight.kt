package b2core.auth

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit.SECONDS
import b2core.auth.ffi.AuthException as FfiException

/**
 * Single flight: concurrent calls with the same key share one native call. Resuming thousands of coroutines from native code
 * takes longer than the refresh that they wait for. Rust still decides what is refreshed and when.
 *
 * The call runs on a thread of its own, so that a caller who is cancelled does not end it for the others, and callers who
 * block their threads do not delay it.
 */
internal class SingleFlight<K : Any, T>(private val join: Join, private val call: suspend (K) -> T) {
    /** Which calls a new caller may join. */
    enum class Join {
        /** Calls that have not begun, so that the result is not older than the caller's request. */
        BEFORE_IT_BEGINS,

        /** Also calls in flight. */
        WHILE_IT_RUNS,
    }

    private val calls = ConcurrentHashMap<K, Deferred<T>>()

    /** Joins the call of this key, or begins one. */
    suspend operator fun invoke(key: K): T = calls.computeIfAbsent(key, ::begin).await()

    /** The result of the call in flight; null if there is none. */
    suspend fun joinInFlight(key: K): T? = calls[key]?.await()

    private fun begin(key: K): Deferred<T> = scope.async {
        if (join == Join.BEFORE_IT_BEGINS) calls.remove(key)
        try {
            call(key)
        } catch (e: FfiException) {
            throw e.wrapped()
        } finally {
            if (join == Join.WHILE_IT_RUNS) calls.remove(key)
        }
    }

    private companion object {
        /** One thread, which ends when it is idle. */
        private val executor = ThreadPoolExecutor(1, 1, 10, SECONDS, LinkedBlockingQueue()) { work ->
            Thread(work, "b2core-auth-calls").apply { isDaemon = true }
        }.apply { allowCoreThreadTimeOut(true) }

        val scope = CoroutineScope(executor.asCoroutineDispatcher() + SupervisorJob())
    }
}
