package b2core.auth.support

import b2core.auth.AppTransport
import b2core.auth.HttpRequest
import b2core.auth.HttpResponse
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.Job

/** Holds a request up, so that a test can do something meanwhile. */
class Gate(private val behind: AppTransport) : AppTransport() {
    @Volatile
    private var hold: Hold? = null

    override suspend fun send(request: HttpRequest): HttpResponse {
        hold?.pass()
        return behind.send(request)
    }

    /** Holds the requests from now on, until it is opened. */
    fun close(): Hold = Hold().also { hold = it }

    /** Lets the requests through from now on; those that are held stay so. */
    fun open() {
        hold = null
    }

    class Hold {
        private val way: CompletableJob = Job()

        /** A request has come. */
        val arrived = CompletableDeferred<Unit>()

        /** The coroutine that it came in was cancelled. */
        val cancelled = CompletableDeferred<Unit>()

        /** Lets what is held go on. */
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
