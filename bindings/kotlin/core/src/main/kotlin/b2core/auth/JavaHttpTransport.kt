package b2core.auth

import kotlinx.coroutines.future.await
import kotlinx.coroutines.withTimeout
import java.io.IOException
import java.net.ConnectException
import java.net.ProtocolException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpConnectTimeoutException
import java.net.http.HttpTimeoutException
import java.nio.ByteBuffer
import java.security.KeyStore
import java.time.Duration
import java.util.concurrent.CompletionStage
import java.util.concurrent.Flow
import javax.net.ssl.SSLException
import javax.net.ssl.SSLHandshakeException
import kotlin.time.toKotlinDuration
import java.net.http.HttpRequest as JavaRequest
import java.net.http.HttpResponse as JavaResponse

/**
 * A transport on the JDK's HTTP client, for native libraries that have no HTTP stack of their own. Android has no such client:
 * implement an [AppTransport] there.
 *
 * A [client] of your own must not follow redirects or have a cookie handler.
 */
public class JavaHttpTransport private constructor(
    private val timeout: Duration,
    private val client: HttpClient,
    private val pins: CertificatePins?,
) : AppTransport() {
    @JvmOverloads
    public constructor(
        timeout: Duration = Duration.ofSeconds(30),
        client: HttpClient = settings(timeout).build(),
    ) : this(timeout, client, null)

    override suspend fun send(request: HttpRequest): HttpResponse {
        // A connection, or a TLS session, may be older than the expiry.
        if (pins?.at() == PinsNow.REFUSED) noAnswer(NetworkProblem.PIN_MISMATCH)
        val body = request.body?.let { JavaRequest.BodyPublishers.ofByteArray(it) }
        val sending = JavaRequest.newBuilder(URI.create(request.url)).apply {
            method(request.method, body ?: JavaRequest.BodyPublishers.noBody())
            request.headers.forEach { header(it.name, it.value) }
        }.build()
        val answer = try {
            withTimeout(timeout.toKotlinDuration()) { client.sendAsync(sending) { LimitedBody() }.await() }
        } catch (e: IOException) {
            noAnswer(problem(e), e)
        }
        val headers = answer.headers().map().flatMap { (name, values) -> values.map { HttpHeader(name, it) } }
        return HttpResponse(answer.statusCode(), headers, answer.body())
    }

    private fun problem(e: IOException): NetworkProblem = when (e) {
        is ConnectException, is HttpConnectTimeoutException -> NetworkProblem.UNREACHABLE
        is HttpTimeoutException -> NetworkProblem.TIMED_OUT
        is SSLHandshakeException -> if (e.isOfPins()) NetworkProblem.PIN_MISMATCH else NetworkProblem.TLS
        is SSLException -> NetworkProblem.INTERRUPTED
        is ProtocolException -> NetworkProblem.NOT_HTTP
        else -> if (e.isTooLarge()) NetworkProblem.TOO_LARGE else NetworkProblem.INTERRUPTED
    }

    override fun toString(): String = "JavaHttpTransport"

    public companion object {
        /**
         * A transport that holds every host to these pins.
         *
         * @param trustStore whom to trust; null for the platform's trust. Its certificates count as issuers beside those that the host
         * sends, so that a root can be pinned too.
         */
        @JvmStatic
        @JvmOverloads
        public fun pinned(
            pins: CertificatePins,
            timeout: Duration = Duration.ofSeconds(30),
            trustStore: KeyStore? = null,
        ): JavaHttpTransport {
            val client = settings(timeout).sslContext(PinnedTrust.context(pins, trustStore)).build()
            return JavaHttpTransport(timeout, client, pins)
        }

        private fun settings(timeout: Duration): HttpClient.Builder = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
    }
}

private fun IOException.isOfPins(): Boolean = generateSequence<Throwable>(this) { it.cause }.any { it is PinMismatch }

private class TooLarge : IOException()

private fun IOException.isTooLarge(): Boolean = generateSequence<Throwable>(this) { it.cause }.any { it is TooLarge }

/** The largest body in bytes. No answer of B2Core's comes near it. */
private const val LIMIT = 1 shl 20

/** Receives the whole body, unless it is larger than [LIMIT]. */
private class LimitedBody(
    private val all: JavaResponse.BodySubscriber<ByteArray> = JavaResponse.BodySubscribers.ofByteArray(),
) : JavaResponse.BodySubscriber<ByteArray> {
    private var left = LIMIT
    private lateinit var source: Flow.Subscription

    override fun getBody(): CompletionStage<ByteArray> = all.body

    override fun onSubscribe(subscription: Flow.Subscription) {
        source = subscription
        all.onSubscribe(subscription)
    }

    override fun onNext(part: List<ByteBuffer>) {
        left -= part.sumOf { it.remaining() }
        if (left >= 0) return all.onNext(part)
        source.cancel()
        all.onError(TooLarge())
    }

    override fun onError(problem: Throwable): Unit = all.onError(problem)

    override fun onComplete(): Unit = all.onComplete()
}
