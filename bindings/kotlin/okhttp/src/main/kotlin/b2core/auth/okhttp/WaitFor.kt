package b2core.auth.okhttp

import b2core.auth.AuthException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import okhttp3.Call
import okhttp3.EventListener
import java.io.IOException
import java.io.InterruptedIOException

/**
 * Blocks this thread of the call until there is a result. The refresh runs on threads and connections of its own, so it does not
 * depend on what is blocked here. Cancelling the call, or its timeout, ends the wait; the refresh goes on for the others.
 */
internal fun <T> Call.waitFor(result: suspend () -> T): T = try {
    runBlocking {
        val job = coroutineContext.job
        addEventListener(object : EventListener() {
            override fun canceled(call: Call) = job.cancel()
        })
        if (isCanceled()) job.cancel()
        result()
    }
} catch (e: AuthException) {
    throw AuthenticationException(e)
} catch (_: CancellationException) {
    throw IOException("Canceled")
} catch (_: InterruptedException) {
    Thread.currentThread().interrupt()
    throw InterruptedIOException("interrupted")
} catch (e: IllegalStateException) {
    // Anything but an IOException would end the app.
    throw IOException("the session or client that gives the tokens was closed", e)
} catch (_: RuntimeException) {
    throw IOException("the token could not be had")
}
