package b2core.auth.support

import b2core.auth.AppTransport
import b2core.auth.HttpRequest
import b2core.auth.HttpResponse
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.Job

/** Holds requests back, so that a test can do something in the meantime. */
class Gate(private val behind: AppTransport) : AppTransport() {
    @Volatile
    private var hold: Hold? = null

    override suspend fun send(request: HttpRequest): HttpResponse {
        hold?.pass()
        return behind.send(request)
    }

    /** Holds back the requests from now on, until it is opened. */
    fun close(): Hold = Hold().also { hold = it }

    /** Lets the requests through from now on. Those that are held back stay so. */
    fun open() {
        hold = null
    }

    class Hold {
        private val way: CompletableJob = Job()

        /** A request has come. */
        val arrived = CompletableDeferred<Unit>()

        /** The coroutine that it came in was cancelled. */
        val cancelled = CompletableDeferred<Unit>()

        /** Lets the requests go on that are held back. */
        fun release() {
            way.complete()
        }

        suspend fun pass() {
            arrived.complete(Unit)
            try {
                way.join()
            } catch (e: Throwable) {
                cancelled.complete(Unit)
                throw e
            }
        }
    }
}
