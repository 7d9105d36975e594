package b2core.auth

import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.test
import com.sun.net.httpserver.HttpsConfigurator
import com.sun.net.httpserver.HttpsServer
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.http.HttpClient
import java.nio.file.Path
import java.security.KeyStore
import java.time.Duration
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** The problems that the JDK's transport reports for hosts that misbehave. */
class JavaHttpTransportTest {
    @Test
    fun aFailureSaysWhetherTheHostCanHaveSeenTheRequest() {
        assertEquals(NetworkProblem.UNREACHABLE, problem("http://127.0.0.1:1"))
        assertEquals(NetworkProblem.INTERRUPTED, served(""))
        assertEquals(NetworkProblem.INTERRUPTED, served("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"))
        assertEquals(NetworkProblem.NOT_HTTP, served("SSH-2.0-OpenSSH\r\n\r\n"))
        val large = "x".repeat(2 shl 20)
        assertEquals(NetworkProblem.TOO_LARGE, served("HTTP/1.1 200 OK\r\nContent-Length: ${2 shl 20}\r\n\r\n$large"))
    }

    @Test
    fun anAnswerThatDoesNotEndTimesOut() {
        // This client has no limit for connecting, so it is a timeout however slow this machine is.
        val impatient = JavaHttpTransport(Duration.ofMillis(700), HttpClient.newHttpClient())
        serve("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", hangUp = false) { port ->
            assertEquals(NetworkProblem.TIMED_OUT, problem("http://127.0.0.1:$port", impatient))
        }
    }

    @Test
    fun redirectIsNotFollowed() {
        val host = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        serve(host) { port ->
            test {
                val start = client("http://127.0.0.1:$port") { transport = JavaHttpTransport() }.signIn(Office.FRONT)
                assertFailsWith<AuthException.UnexpectedAnswer> { start.current.at<SignInStep.Start>().open() }
            }
        }
    }

    @Test
    fun aCertificateThatNobodyTrustsIsRefused(@TempDir folder: Path) {
        val file = folder.resolve("keys").toString()
        val keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString()
        val made = ProcessBuilder(
            keytool, "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-alias", "host",
            "-keystore", file, "-storepass", "changeit",
        ).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor()
        assertEquals(0, made)
        val keys = KeyStore.getInstance(File(file), "changeit".toCharArray())
        val managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm())
        managers.init(keys, "changeit".toCharArray())
        val tls = SSLContext.getInstance("TLS").apply { init(managers.keyManagers, null, null) }
        val server = HttpsServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
        server.httpsConfigurator = HttpsConfigurator(tls)
        server.start()
        try {
            assertEquals(NetworkProblem.TLS, problem("https://localhost:${server.address.port}"))
        } finally {
            server.stop(0)
        }
    }

    private fun served(answer: String): NetworkProblem {
        lateinit var result: NetworkProblem
        serve(answer) { port -> result = problem("http://127.0.0.1:$port") }
        return result
    }

    private fun problem(host: String, own: AppTransport = JavaHttpTransport(GENEROUS)): NetworkProblem {
        lateinit var result: NetworkProblem
        test {
            val client = client(host) { transport = own; setTimeout(GENEROUS) }
            val start = client.signIn(Office.FRONT).current.at<SignInStep.Start>()
            result = assertFailsWith<AuthException.Network> { start.open() }.problem
        }
        return result
    }

    /** Answers every connection with these bytes. */
    private fun serve(answer: String, hangUp: Boolean = true, body: (Int) -> Unit) {
        ServerSocket(0, 50, InetAddress.getLoopbackAddress()).use { server ->
            thread(isDaemon = true) {
                while (true) {
                    val socket = runCatching { server.accept() }.getOrElse { return@thread }
                    runCatching {
                        socket.getInputStream().read(ByteArray(8192))
                        socket.getOutputStream().write(answer.toByteArray())
                        socket.getOutputStream().flush()
                        if (hangUp) socket.close()
                    }
                }
            }
            body(server.localPort)
        }
    }

    private companion object {
        /** No test waits that long, even on a slow machine. */
        val GENEROUS = Duration.ofMinutes(5)
    }
}
