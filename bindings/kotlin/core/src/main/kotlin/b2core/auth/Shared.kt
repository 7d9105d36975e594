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
 * One native call for all who want the same at the same time: waking each of thousands across the border takes longer than
 * the refresh that they wait for. What is refreshed, and how often the host is asked, is decided in Rust all the same.
 *
 * The call runs on a thread of its own: no caller's cancel ends it for the others, and no caller who blocks a thread can
 * keep it from the others.
 */
internal class Shared<K : Any, T>(private val join: Join, private val call: suspend (K) -> T) {
    /** Which calls a newcomer may share. */
    enum class Join {
        /** Those that have not begun: what they find is not older than the question. */
        BEFORE_IT_BEGINS,

        /** Also those under way. */
        WHILE_IT_RUNS,
    }

    private val calls = ConcurrentHashMap<K, Deferred<T>>()

    suspend operator fun invoke(key: K): T = calls.computeIfAbsent(key, ::begin).await()

    /** What the call under way brings; null if there is none. */
    suspend fun ifUnderWay(key: K): T? = calls[key]?.await()

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
        /** Its thread comes and goes with the work. */
        private val executor = ThreadPoolExecutor(1, 1, 10, SECONDS, LinkedBlockingQueue()) { work ->
            Thread(work, "b2core-auth-calls").apply { isDaemon = true }
        }.apply { allowCoreThreadTimeOut(true) }

        val scope = CoroutineScope(executor.asCoroutineDispatcher() + SupervisorJob())
    }
}
