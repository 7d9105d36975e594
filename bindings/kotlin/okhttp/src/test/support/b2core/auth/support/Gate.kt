package b2core.auth.support

import b2core.auth.AppTransport
import b2core.auth.HttpRequest
import b2core.auth.HttpResponse
import b2core.auth.JavaHttpTransport
import kotlinx.coroutines.CompletableDeferred

/** Holds the client's own requests back, so that a test can do something in the meantime. */
class Gate(private val behind: AppTransport = JavaHttpTransport()) : AppTransport() {
    @Volatile
    private var hold: Hold? = null

    override suspend fun send(request: HttpRequest): HttpResponse {
        hold?.run {
            arrived.complete(Unit)
            way.await()
        }
        return behind.send(request)
    }

    /** Holds back the requests from now on. */
    fun close(): Hold = Hold().also { hold = it }

    class Hold {
        internal val way = CompletableDeferred<Unit>()

        /** A request has come. */
        val arrived = CompletableDeferred<Unit>()

        /** Lets the requests go on. */
        fun release() {
            way.complete(Unit)
        }
    }
}
