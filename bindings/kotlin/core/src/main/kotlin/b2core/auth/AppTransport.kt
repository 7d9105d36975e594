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
 * A transport of the app's own, if requests have to go through its HTTP client.
 *
 * It sends a request unchanged and returns the answer, whatever its status, with all its headers. It must not follow redirects, keep
 * cookies of its own (`Cookie` is sent and `Set-Cookie` handed over as it is), send a request twice, or log headers or bodies. [send]
 * runs on a thread of this library's, and may block it for a while. When the call that needs the answer is cancelled, so is [send].
 */
public abstract class AppTransport {
    /** Sends the request and waits for the whole answer. If there is none, call [noAnswer]. */
    public abstract suspend fun send(request: HttpRequest): HttpResponse

    /**
     * Ends [send] without an answer, because of this [cause] if there is one. Only [NetworkProblem.UNREACHABLE],
     * [NetworkProblem.TLS] and [NetworkProblem.PIN_MISMATCH] say that the host has not received the request. Everything else that
     * [send] throws counts as [NetworkProblem.FAILED], and a `withTimeout` that timed out as [NetworkProblem.TIMED_OUT]; it is then
     * the cause.
     *
     * The cause is that of the [AuthException.Network] that the caller gets. Its text is printed nowhere else.
     */
    @JvmOverloads
    protected fun noAnswer(why: NetworkProblem, cause: Throwable? = null): Nothing =
        throw TransportException.Network(why, cause?.let(Thrown::keep))

    @get:JvmSynthetic
    internal val bridge: Transport = Bridge()

    private inner class Bridge : Transport {
        override suspend fun send(request: FfiRequest): FfiResponse = answering {
            val answer = send(request.use(::HttpRequest))
            FfiResponse(answer.status.toUShort(), answer.headers, answer.body)
        }
    }

    /** Maps everything to [TransportException]: an `Error` would otherwise leave the native call without an answer. */
    private suspend fun <T> answering(call: suspend () -> T): T =
        try {
            call()
        } catch (e: TransportException) {
            throw e
        } catch (e: TimeoutCancellationException) {
            noAnswer(NetworkProblem.TIMED_OUT, e)
        } catch (e: CancellationException) {
            if (currentCoroutineContext().isActive) noAnswer(NetworkProblem.FAILED, e) else throw e
        } catch (e: Throwable) {
            noAnswer(NetworkProblem.FAILED, e)
        }
}

/** A request to send. Headers and body contain secrets. */
public class HttpRequest(
    /** `GET` or `POST`. */
    public val method: String,
    /** The whole URL. It contains no secret. */
    public val url: String,
    /** All headers to send. */
    public val headers: List<HttpHeader>,
    /** The body, if there is one. */
    public val body: ByteArray?,
) {
    internal constructor(ffi: FfiRequest) : this(ffi.method(), ffi.url(), ffi.headers(), ffi.body())

    override fun toString(): String = "HttpRequest($method $url)"
}

/** The answer to a request. Its body may contain tokens. Only the headers `Date` and `Retry-After` are used. */
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
