package b2core.auth.okhttp

import b2core.auth.AppTransport
import b2core.auth.CertificatePins
import b2core.auth.HttpRequest
import b2core.auth.HttpResponse
import b2core.auth.NetworkProblem
import b2core.auth.PinsNow
import kotlinx.coroutines.suspendCancellableCoroutine
import okhttp3.Authenticator
import okhttp3.Call
import okhttp3.Callback
import okhttp3.ConnectionPool
import okhttp3.CookieJar
import okhttp3.Dispatcher
import okhttp3.EventListener
import okhttp3.HttpUrl
import okhttp3.MediaType
import okhttp3.OkHttpClient
import okhttp3.Protocol
import okhttp3.Request
import okhttp3.RequestBody
import okhttp3.Response
import okio.BufferedSink
import java.io.IOException
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import kotlin.coroutines.resume

/**
 * A transport on OkHttp: for native libraries that have no HTTP stack of their own, and for apps that want to have their
 * settings of proxy, DNS and TLS in one place.
 *
 * It takes these from the given [client][OkHttpClient]: DNS, proxy and its authenticator, socket factories, TLS versions, trust,
 * certificate pins, host name verification. Everything else is its own. It has no interceptors (one that logs would log passwords),
 * event listeners, cookies, cache or authenticator, and it follows no redirect. It sends no request twice, and each on a new
 * connection of HTTP/1.1, because a host that is closing an idle one loses the request. Its dispatcher is its own, so that it
 * can be derived from the very client whose calls wait for a refresh. An answer of more than 1 MiB is refused.
 *
 * @param timeout of a whole request, from the DNS query to the last byte of the answer. More than zero.
 * @param certificatePins keys that every host of this transport is held to, in the place of the client's own pins; null for those.
 */
public class OkHttpTransport @JvmOverloads constructor(
    client: OkHttpClient = OkHttpClient(),
    timeout: Duration = Duration.ofSeconds(30),
    private val certificatePins: CertificatePins? = null,
) : AppTransport() {
    init {
        require(timeout > Duration.ZERO) { "the timeout has to be more than zero" }
    }

    private val http = client.newBuilder().apply {
        interceptors().clear()
        networkInterceptors().clear()
        addNetworkInterceptor(RetryAfterKeeper)
        eventListener(EventListener.NONE)
        followRedirects(false)
        followSslRedirects(false)
        cookieJar(CookieJar.NO_COOKIES)
        cache(null)
        authenticator(Authenticator.NONE)
        retryOnConnectionFailure(false)
        protocols(listOf(Protocol.HTTP_1_1))
        dispatcher(Dispatcher(threads()).apply { maxRequestsPerHost = maxRequests })
        connectionPool(ConnectionPool(0, 1, TimeUnit.SECONDS))
        callTimeout(timeout)
        connectTimeout(minOf(timeout, LONGEST_CONNECT))
        // The timeout of the whole call is the only one from here on.
        readTimeout(Duration.ZERO)
        writeTimeout(Duration.ZERO)
        pingInterval(Duration.ZERO)
    }.build()

    /** By name of a host. */
    private val pinned = ConcurrentHashMap<String, OkHttpClient>()

    /** The client for this URL now. Each request has a connection of its own, so that none is older than the pins' expiry. */
    private fun clientFor(url: HttpUrl): OkHttpClient {
        val pins = certificatePins?.takeIf { url.isHttps } ?: return http
        return when (pins.at()) {
            PinsNow.IN_FORCE -> pinned.computeIfAbsent(url.host) {
                http.newBuilder().certificatePinner(pins.certificatePinner(it)).build()
            }
            PinsNow.IGNORED -> http
            PinsNow.REFUSED -> noAnswer(NetworkProblem.PIN_MISMATCH)
        }
    }

    override suspend fun send(request: HttpRequest): HttpResponse {
        val sending = request.forOkHttp()
        val call = clientFor(sending.url).newCall(sending)
        val progress = Progress()
        call.addEventListener(progress)
        val outcome = suspendCancellableCoroutine { waiting ->
            waiting.invokeOnCancellation { call.cancel() }
            call.enqueue(object : Callback {
                override fun onFailure(call: Call, e: IOException) = waiting.resume(Result.failure(e))

                override fun onResponse(call: Call, response: Response) =
                    waiting.resume(runCatching { response.use(::read) })
            })
        }
        return outcome.getOrElse { e -> if (e is IOException) noAnswer(progress.problem(e), e) else throw e }
    }

    private fun read(response: Response): HttpResponse {
        val source = response.body.source()
        if (source.request(LIMIT + 1L)) throw TooLarge()
        return HttpResponse(response.code, RetryAfterKeeper.restored(response.headers), source.readByteArray())
    }

    override fun toString(): String = "OkHttpTransport"

    private companion object {
        /** A host that has not accepted the connection by then is tried again sooner than at the end of a long timeout. */
        val LONGEST_CONNECT: Duration = Duration.ofSeconds(10)

        /** The largest body in bytes, after decompression. No answer of B2Core's comes near it. */
        const val LIMIT = 1 shl 20

        /** Threads that end when they are idle, and that keep no program from ending. */
        fun threads() = ThreadPoolExecutor(0, Int.MAX_VALUE, 10, TimeUnit.SECONDS, SynchronousQueue()) { work ->
            Thread(work, "b2core-auth-okhttp").apply { isDaemon = true }
        }
    }
}

private fun HttpRequest.forOkHttp(): Request {
    // Some hosts answer 411 to a POST without a length.
    val content = body ?: if (method == "POST") ByteArray(0) else null
    return Request.Builder().url(url).apply {
        headers.forEach { addHeader(it.name, it.value) }
        method(method, content?.let(::OneShotBody))
    }.build()
}

/** A body that OkHttp sends once and whose type it leaves to the request's headers. */
private class OneShotBody(private val bytes: ByteArray) : RequestBody() {
    override fun contentType(): MediaType? = null

    override fun contentLength(): Long = bytes.size.toLong()

    override fun isOneShot(): Boolean = true

    override fun writeTo(sink: BufferedSink) {
        sink.write(bytes)
    }
}

internal class TooLarge : IOException("the answer is too large")
