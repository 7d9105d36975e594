package b2core.auth

import b2core.auth.ffi.CancelToken
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import b2core.auth.ffi.AuthException as FfiException

/**
 * Makes a native call that can be cancelled and whose result is never lost.
 *
 * Cancelling the coroutine of a native call directly has a race: if the call has just ended, its result is dropped with the
 * coroutine. Here the coroutine always waits for the call, and a cancel is passed to the call through its [CancelToken].
 * If the call ends first, its result is returned, even to a coroutine that was cancelled in the meantime. If the cancel is
 * first, the call throws [CancellationException].
 */
internal suspend fun <T> cancellable(call: suspend (CancelToken) -> T): T {
    val context = currentCoroutineContext()
    context.ensureActive()
    val token = CancelToken()
    var ended = false
    // Unconfined: it runs on the thread that cancels, so that the call is cancelled without a dispatch.
    val watcher = CoroutineScope(context + Dispatchers.Unconfined).launch(start = CoroutineStart.UNDISPATCHED) {
        try {
            awaitCancellation()
        } finally {
            if (!ended) token.cancel()
        }
    }
    return withContext(NonCancellable) {
        try {
            call(token)
        } catch (e: FfiException) {
            throw e.wrapped()
        } finally {
            ended = true
            watcher.cancelAndJoin()
            token.destroy()
        }
    }
}
