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
 * Makes one call that can be cancelled and whose outcome is always known.
 *
 * Leaving a native call by cancelling its coroutine has a gap: the call may have just ended, and its outcome would be
 * thrown away with the coroutine. Here the coroutine waits for the call in any case, and a cancel goes to the call as
 * its [CancelToken]. Whichever comes first there is the outcome: a value is handed over even to a coroutine that was
 * cancelled meanwhile, and a call that was cancelled throws [CancellationException].
 */
internal suspend fun <T> settled(call: suspend (CancelToken) -> T): T {
    val context = currentCoroutineContext()
    context.ensureActive()
    val token = CancelToken()
    var over = false
    // It runs where the cancel happens, so that nothing has to be dispatched before the call hears of it.
    val watch = CoroutineScope(context + Dispatchers.Unconfined).launch(start = CoroutineStart.UNDISPATCHED) {
        try {
            awaitCancellation()
        } finally {
            if (!over) token.cancel()
        }
    }
    return withContext(NonCancellable) {
        try {
            call(token)
        } catch (e: FfiException) {
            throw e.wrapped()
        } finally {
            over = true
            watch.cancelAndJoin()
            token.destroy()
        }
    }
}
