package b2core.auth.okhttp

import b2core.auth.AppTransport
import b2core.auth.AuthClient
import b2core.auth.AuthException
import b2core.auth.HttpHeader
import b2core.auth.HttpRequest
import b2core.auth.NetworkProblem
import b2core.auth.Office
import b2core.auth.RevocationStatus
import b2core.auth.SignInStep
import b2core.auth.ffi.TransportException
import b2core.auth.support.Host
import b2core.auth.support.MapStore
import b2core.auth.support.User
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import mockwebserver3.MockResponse
import mockwebserver3.MockWebServer
import mockwebserver3.SocketEffect
import okhttp3.CertificatePinner
import okhttp3.Cookie
import okhttp3.CookieJar
import okhttp3.Dns
import okhttp3.HttpUrl
import okhttp3.OkHttpClient
import okhttp3.tls.HandshakeCertificates
import okhttp3.tls.HeldCertificate
import okio.Buffer
import okio.GzipSink
import okio.buffer
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import java.net.InetAddress
import java.net.ServerSocket
import java.time.Duration
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes

/** The transport on OkHttp. */
class OkHttpTransportTest {
    private val server = MockWebServer()

    @AfterEach
    fun stop(): Unit = server.close()

    @Test
    fun signsInRefreshesAndSignsOut(): Unit = signsIn(Host.start(), OkHttpTransport())

    /** Through a balancer: each request carries the cookie that pins it to one machine, also where OkHttp is not used. */
    @Test
    fun theHostsCookiesGoAlong() {
        for (transport in listOf(OkHttpTransport(), b2core.auth.JavaHttpTransport())) {
            signsIn(Host.start("cookies=pinned"), transport)
        }
    }

    private fun signsIn(host: Host, transport: b2core.auth.AppTransport): Unit = host.use {
        User(host, transport).use { user ->
            val old = user.token()
            user.session().use { runBlocking { it.refresh() } }
            assertNotEquals(old, user.token())
            assertEquals(RevocationStatus.REVOKED, runBlocking { user.client.signOut(Office.FRONT) }.revocation)
            user.signInAsAnother()
        }
    }

    @Test
    fun aFailureSaysWhetherTheHostCanHaveSeenTheRequest() {
        assertEquals(NetworkProblem.UNREACHABLE, problem("http://127.0.0.1:1"))
        val unknown = object : Dns {
            override fun lookup(hostname: String): List<InetAddress> = throw java.net.UnknownHostException(hostname)
        }
        assertEquals(NetworkProblem.UNREACHABLE, problem("https://broker.example", OkHttpClient.Builder().dns(unknown).build()))
        assertEquals(NetworkProblem.INTERRUPTED, served(""))
        assertEquals(NetworkProblem.INTERRUPTED, served("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"))
        assertEquals(NetworkProblem.INTERRUPTED, served("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n"))
        assertEquals(NetworkProblem.NOT_HTTP, served("SSH-2.0-OpenSSH\r\n\r\n"))
    }

    @Test
    fun aLargeAnswerIsRefusedAlsoIfItIsSmallOnTheWire() {
        val limit = 1 shl 20
        val large = "x".repeat(limit + 1)
        assertEquals(NetworkProblem.TOO_LARGE, served("HTTP/1.1 200 OK\r\nContent-Length: ${limit + 1}\r\n\r\n$large"))
        val packed = Buffer()
        GzipSink(packed).buffer().use { it.writeUtf8(large) }
        val answer = MockResponse.Builder().setHeader("Content-Encoding", "gzip").body(packed).build()
        assertTrue(packed.size < limit)
        assertEquals(NetworkProblem.TOO_LARGE, problem(started { enqueue(answer) }))
    }

    @Test
    fun anAnswerOfTheLimitIsTaken() {
        server.started { enqueue(MockResponse(body = "x".repeat(1 shl 20))) }
        assertEquals(1 shl 20, send(OkHttpTransport()).body.size)
    }

    @Test
    fun anAnswerThatDoesNotEndTimesOut() {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", hangUp = false) { port ->
            assertEquals(NetworkProblem.TIMED_OUT, problem("http://127.0.0.1:$port", timeout = Duration.ofMillis(700)))
        }
    }

    @Test
    fun aCertificateThatNobodyTrustsIsRefused() {
        assertEquals(NetworkProblem.TLS, problem(secure()))
        assertEquals(0, server.requestCount)
    }

    @Test
    fun trustAndPinsOfTheAppAreUsed() {
        val certificate = HeldCertificate.Builder().addSubjectAlternativeName("localhost").build()
        val trust = HandshakeCertificates.Builder().addTrustedCertificate(certificate.certificate).build()
        val trusting = OkHttpClient.Builder().sslSocketFactory(trust.sslSocketFactory(), trust.trustManager)
        secure(certificate)
        server.enqueue(MockResponse(body = "yes"))
        assertEquals("yes", send(OkHttpTransport(trusting.build())).body.decodeToString())
        val pin = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        val pinned = trusting.certificatePinner(CertificatePinner.Builder().add("localhost", pin).build()).build()
        assertEquals(NetworkProblem.PIN_MISMATCH, problem(server.url("/").toString(), pinned))
        assertEquals(1, server.requestCount)
    }

    @Test
    fun theRequestIsSentUnchangedAndByNobodyElse() {
        server.started { enqueue(MockResponse.Builder().addHeader("Set-Cookie", "a=b").addHeader("Retry-After", "7").build()) }
        var seen = 0
        val jar = object : CookieJar {
            override fun loadForRequest(url: HttpUrl): List<Cookie> = emptyList<Cookie>().also { seen++ }

            override fun saveFromResponse(url: HttpUrl, cookies: List<Cookie>) {
                seen++
            }
        }
        val app = OkHttpClient.Builder().cookieJar(jar)
            .addInterceptor { chain -> seen++; chain.proceed(chain.request()) }
            .addNetworkInterceptor { chain -> seen++; chain.proceed(chain.request()) }
            .eventListenerFactory { seen++; okhttp3.EventListener.NONE }
            .build()
        val headers = listOf("Content-Type" to "application/json", "User-Agent" to "acme/1", "Accept-Encoding" to "identity")
        val answer = send(OkHttpTransport(app), "POST", headers, "{}")
        val request = server.takeRequest()
        val standard = listOf("Host", "Connection", "Content-Length")
        assertEquals(headers, request.headers.filter { it.first !in standard })
        assertEquals("{}", request.body?.utf8())
        assertEquals("7", answer.headers.single { it.name == "Retry-After" }.value)
        assertEquals(0, seen)
    }

    @Test
    fun aPostWithoutABodyHasALength() {
        server.started { enqueue(MockResponse()) }
        send(OkHttpTransport(), "POST")
        assertEquals("0", server.takeRequest().headers["Content-Length"])
    }

    @Test
    fun noRequestIsSentTwice() {
        val again = listOf(
            MockResponse.Builder().code(503).setHeader("Retry-After", "0").build(),
            MockResponse(code = 408),
            MockResponse.Builder().code(302).setHeader("Location", "/elsewhere").build(),
            MockResponse(code = 401),
        )
        server.started { again.forEach(::enqueue) }
        for (answer in again) assertEquals(answer.code, send(OkHttpTransport()).status)
        assertEquals(again.size, server.requestCount)
        server.enqueue(MockResponse.Builder().onResponseStart(SocketEffect.CloseSocket()).build())
        server.enqueue(MockResponse())
        val cut = assertFailsWith<TransportException.Network> { send(OkHttpTransport()) }
        assertEquals(NetworkProblem.INTERRUPTED, cut.problem)
        assertEquals(again.size + 1, server.requestCount)
    }

    @Test
    fun whateverTheHostSaysOfRetryingIsReadable() {
        val later = okhttp3.Headers.Builder().add("Content-Length", "0").addUnsafeNonAscii("Retry-After", "sp\u00e4ter").build()
        server.started { enqueue(MockResponse.Builder().code(503).headers(later).build()) }
        assertEquals(503, send(OkHttpTransport()).status)
    }

    @Test
    fun noConnectionIsUsedTwice() {
        server.started { repeat(2) { enqueue(MockResponse()) } }
        val transport = OkHttpTransport()
        repeat(2) { send(transport) }
        assertEquals(listOf(0, 0), List(2) { server.takeRequest().exchangeIndex })
    }

    @Test
    fun cancellingTheCoroutineEndsTheCall() {
        val hungUp = CompletableDeferred<Unit>()
        ServerSocket(0, 50, InetAddress.getLoopbackAddress()).use { listener ->
            val arrived = CompletableDeferred<Unit>()
            thread(isDaemon = true) {
                listener.accept().use { socket ->
                    val input = socket.getInputStream()
                    input.read(ByteArray(8192))
                    arrived.complete(Unit)
                    if (input.read() == -1) hungUp.complete(Unit)
                }
            }
            runBlocking(Dispatchers.Default) {
                val request = HttpRequest("GET", "http://127.0.0.1:${listener.localPort}/", emptyList(), null)
                // Its own timeout would end the call too.
                val sending = async { OkHttpTransport(timeout = Duration.ofHours(1)).send(request) }
                arrived.await()
                sending.cancel()
                assertFailsWith<CancellationException> { sending.await() }
                withTimeout(1.minutes) { hungUp.await() }
            }
        }
    }

    @Test
    fun aTimeoutOfNothingIsRefused() {
        assertFailsWith<IllegalArgumentException> { OkHttpTransport(OkHttpClient(), Duration.ZERO) }
        assertNull(runCatching { OkHttpTransport(timeout = Duration.ofMillis(1)) }.exceptionOrNull())
    }

    private fun send(
        transport: AppTransport,
        method: String = "GET",
        headers: List<Pair<String, String>> = emptyList(),
        body: String? = null,
    ) = runBlocking {
        val all = headers.map { (name, value) -> HttpHeader(name, value) }
        transport.send(HttpRequest(method, server.url("/").toString(), all, body?.toByteArray()))
    }

    private fun problem(
        host: String,
        app: OkHttpClient = OkHttpClient(),
        timeout: Duration = Duration.ofMinutes(4),
    ): NetworkProblem = runBlocking {
        val client = AuthClient(host.trimEnd('/'), MapStore()) {
            transport = OkHttpTransport(app, timeout)
            this.timeout = 5.minutes
        }
        val start = client.signIn(Office.FRONT).current as SignInStep.Start
        assertFailsWith<AuthException.Network> { start.open() }.problem
    }

    private fun started(setup: MockWebServer.() -> Unit): String = server.started(setup)

    private fun MockWebServer.started(setup: MockWebServer.() -> Unit): String {
        setup()
        start(InetAddress.getLoopbackAddress(), 0)
        return "http://127.0.0.1:$port"
    }

    /** Speaks TLS with this certificate; returns its address. */
    private fun secure(
        certificate: HeldCertificate = HeldCertificate.Builder().addSubjectAlternativeName("localhost").build(),
    ): String {
        val keys = HandshakeCertificates.Builder().heldCertificate(certificate).build()
        server.useHttps(keys.sslSocketFactory())
        server.started {}
        return "https://localhost:${server.port}"
    }

    private fun served(answer: String): NetworkProblem {
        lateinit var result: NetworkProblem
        serve(answer) { port -> result = problem("http://127.0.0.1:$port") }
        return result
    }

    /** Answers every connection with these bytes. */
    private fun serve(answer: String, hangUp: Boolean = true, body: (Int) -> Unit) {
        ServerSocket(0, 50, InetAddress.getLoopbackAddress()).use { listener ->
            thread(isDaemon = true) {
                while (true) {
                    val socket = runCatching { listener.accept() }.getOrElse { return@thread }
                    runCatching {
                        socket.getInputStream().read(ByteArray(8192))
                        socket.getOutputStream().write(answer.toByteArray())
                        socket.getOutputStream().flush()
                        if (hangUp) socket.close()
                    }
                }
            }
            body(listener.localPort)
        }
    }
}
