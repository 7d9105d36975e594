package b2core.auth

import b2core.auth.ffi.Transport
import b2core.auth.ffi.TransportException
import b2core.auth.ffi.use
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import b2core.auth.ffi.HttpRequest as FfiRequest
import b2core.auth.ffi.HttpResponse as FfiResponse

/**
 * The app's own HTTP client, where requests have to go through it.
 *
 * It sends a request as it stands and gives back the answer, whatever its status. It follows no redirect, keeps no
 * cookie, never sends twice, and logs no header and no body. [send] runs on `Dispatchers.Default`: what blocks its
 * thread belongs into `withContext(Dispatchers.IO)`. When the call that needs the answer is cancelled, so is [send].
 */
public abstract class AppTransport {
    /** Sends and waits for the whole answer; where none comes, it says why with [noAnswer]. */
    public abstract suspend fun send(request: HttpRequest): HttpResponse

    /**
     * Ends [send] without an answer. What matters is whether the host can have seen the request: only
     * [NetworkProblem.UNREACHABLE] and [NetworkProblem.TLS] say that it has not. Everything else that [send] throws
     * counts as [NetworkProblem.FAILED], and a `withTimeout` that ran out as [NetworkProblem.TIMED_OUT].
     */
    protected fun noAnswer(why: NetworkProblem): Nothing = throw TransportException.Network(why)

    internal val bridge: Transport = Bridge()

    private inner class Bridge : Transport {
        override suspend fun send(request: FfiRequest): FfiResponse = answering {
            val answer = send(request.use(::HttpRequest))
            FfiResponse(answer.status.toUShort(), answer.headers, answer.body)
        }
    }

    /** Lets nothing but its own exception out; what is no `Exception` would otherwise never be answered at all. */
    private suspend fun <T> answering(call: suspend () -> T): T =
        try {
            call()
        } catch (e: TransportException) {
            throw e
        } catch (_: TimeoutCancellationException) {
            noAnswer(NetworkProblem.TIMED_OUT)
        } catch (e: CancellationException) {
            if (currentCoroutineContext().isActive) noAnswer(NetworkProblem.FAILED) else throw e
        } catch (_: Throwable) {
            noAnswer(NetworkProblem.FAILED)
        }
}

/** A request that is ready to be sent. Headers and body hold secrets. */
public class HttpRequest(
    /** `GET` or `POST`. */
    public val method: String,
    /** The whole address. It carries no secret. */
    public val url: String,
    /** Every header that has to be sent. */
    public val headers: List<HttpHeader>,
    /** The body, if there is one. */
    public val body: ByteArray?,
) {
    internal constructor(ffi: FfiRequest) : this(ffi.method(), ffi.url(), ffi.headers(), ffi.body())

    override fun toString(): String = "HttpRequest($method $url)"
}

/** An answer as it came. Its body may hold tokens. Of the headers only `Date` and `Retry-After` are looked at. */
public class HttpResponse(
    public val status: Int,
    public val headers: List<HttpHeader>,
    public val body: ByteArray,
) {
    init {
        require(status in 100..999) { "no HTTP status" }
    }

    override fun toString(): String = "HttpResponse($status)"
}
