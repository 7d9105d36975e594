package b2core.auth.support

import mockwebserver3.Dispatcher
import mockwebserver3.MockResponse
import mockwebserver3.MockWebServer
import mockwebserver3.RecordedRequest
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import javax.net.ServerSocketFactory
import javax.net.ssl.SSLSocketFactory

/** A server of an API that the user's requests go to: on a port of its own, and with the tokens that a test lets it refuse. */
class Api @JvmOverloads constructor(tls: SSLSocketFactory? = null) : AutoCloseable {
    private val server = MockWebServer()
    private val isTls = tls != null
    private val rejected = ConcurrentHashMap.newKeySet<String>()
    private val answers = ConcurrentHashMap<String, MockResponse>()

    /** A request as it came: what it asked for, with which `Authorization`, and its body. */
    data class Seen(val path: String, val authorization: String?, val body: String)

    val seen = ConcurrentLinkedQueue<Seen>()

    /** If true, every token is refused. */
    @Volatile
    var rejectsAll: Boolean = false

    init {
        server.dispatcher = object : Dispatcher() {
            override fun dispatch(request: RecordedRequest): MockResponse {
                val authorization = request.headers["Authorization"]
                seen += Seen(request.target, authorization, request.body?.utf8().orEmpty())
                answers[request.target]?.let { return it }
                val isGood = authorization != null && !rejectsAll && authorization.removePrefix("Bearer ") !in rejected
                return MockResponse(code = if (isGood) 200 else 401, body = request.target)
            }
        }
        server.serverSocketFactory = Prompt
        tls?.let(server::useHttps)
        server.start(InetAddress.getLoopbackAddress(), 0)
    }

    /** Its address, with this path. */
    @JvmOverloads
    fun url(path: String = ""): String = (if (isTls) "https://localhost" else "http://127.0.0.1") + ":${server.port}$path"

    /** Refuses this token with 401 from now on. */
    fun reject(token: String) {
        rejected += token
    }

    /** Sends who asks for this path to this URL. */
    fun redirect(path: String, to: String, status: Int = 302) {
        answers[path] = MockResponse.Builder().code(status).setHeader("Location", to).build()
    }

    /** Answers a request for this path so. */
    fun answer(path: String, with: MockResponse) {
        answers[path] = with
    }

    /** The tokens that came with requests for this path, in order; null for a request without one. */
    fun tokens(path: String): List<String?> =
        seen.filter { it.path == path }.map { it.authorization?.removePrefix("Bearer ") }

    override fun close(): Unit = server.close()
}

/** Sends each part of an answer at once: it would otherwise wait 40 ms for the other side's acknowledgement of the part before. */
private object Prompt : ServerSocketFactory() {
    override fun createServerSocket(): ServerSocket = object : ServerSocket() {
        override fun accept(): Socket = super.accept().apply { tcpNoDelay = true }
    }

    override fun createServerSocket(port: Int): ServerSocket = createServerSocket(port, 0, null)

    override fun createServerSocket(port: Int, backlog: Int): ServerSocket = createServerSocket(port, backlog, null)

    override fun createServerSocket(port: Int, backlog: Int, address: InetAddress?): ServerSocket =
        createServerSocket().apply { bind(InetSocketAddress(address, port), backlog) }
}
