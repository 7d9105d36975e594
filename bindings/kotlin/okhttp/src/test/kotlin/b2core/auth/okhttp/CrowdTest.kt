package b2core.auth.okhttp

import b2core.auth.Office
import b2core.auth.RequestToken
import b2core.auth.TokenScope
import b2core.auth.TokenSource
import b2core.auth.support.User
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import okhttp3.Authenticator
import okhttp3.Call
import okhttp3.ConnectionPool
import okhttp3.Dispatcher
import okhttp3.OkHttpClient
import okhttp3.Protocol
import okhttp3.Request
import okhttp3.Response
import org.junit.jupiter.api.Test
import java.lang.management.ManagementFactory
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.readLines
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes

/** Very many requests at once, through few connections. */
class CrowdTest {
    @Test
    fun tenThousandRequestsWithARejectedTokenRefreshOnce() = crowded { base ->
        // The client's own requests go through a transport that is derived from the same HTTP client.
        scene({ User(it, OkHttpTransport(base)) }, setup = { narrow(base) }) {
            val old = user.token()
            user.ageToken()
            api.reject(old)
            val threads = peakThreads {
                val statuses = all { http.newCall(Request.Builder().url(api.url("/orders")).build()).status() }
                assertEquals(setOf(200), statuses)
            }
            assertEquals(1, host.refreshes())
            val rejections = api.tokens("/orders").count { it == old }
            assertTrue(rejections in 1..CROWD, "$rejections")
            assertEquals(CROWD + rejections, api.seen.size)
            assertTrue(threads < MOST_THREADS, "$threads more threads")
        }
    }

    @Test
    fun tenThousandRejectionsAreAnsweredByOneRefresh() = crowded { base ->
        scene({ User(it, OkHttpTransport(base)) }) {
            val old = user.token()
            user.ageToken()
            val source = TokenSource(user.client, Office.FRONT)
            val token = checkNotNull(runBlocking { source.current() })
            assertEquals(old, token.token.value)
            val authenticator = B2CoreAuthenticator(AllowedUrls(TokenScope(api.url())), Authenticator.NONE)
            val threads = peakThreads {
                val answers = all { authenticator.authenticate(null, rejection(token))?.header("Authorization") }
                assertEquals(setOf<String?>("Bearer ${user.token()}"), answers)
            }
            assertEquals(1, host.refreshes())
            assertTrue(threads < MOST_THREADS, "$threads more threads")
        }
    }

    @Test
    fun blockedThreadsOfTheDispatcherAndTheTransportAreNotTheSame() = crowded { base ->
        // Every thread and connection of the app's client waits for the refresh.
        scene({ User(it, OkHttpTransport(base)) }, setup = { narrow(base) }) {
            repeat(ROUNDS_OF_EXPIRY) {
                user.expireToken()
                val statuses = all(count = 50) { http.newCall(Request.Builder().url(api.url("/orders")).build()).status() }
                assertEquals(setOf(200), statuses)
            }
            assertEquals(ROUNDS_OF_EXPIRY, host.refreshes())
        }
    }

    @Test
    fun aHundredRoundsKeepTheMemory() = crowded { base ->
        scene({ User(it, OkHttpTransport(base)) }, setup = { narrow(base) }) {
            fun round() {
                user.ageToken()
                api.reject(user.token())
                assertEquals(setOf(200), all(count = 20) { http.newCall(Request.Builder().url(api.url("/o")).build()).status() })
                api.seen.clear()
            }
            repeat(WARM_UP) { round() }
            val before = residentKilobytes()
            repeat(100) { round() }
            val after = residentKilobytes()
            println("resident memory before and after 100 rounds: $before KiB, $after KiB")
            assertEquals(WARM_UP + 100, host.refreshes())
            assertTrue(after - before < MOST_GROWTH, "$before KiB before, $after KiB after")
        }
    }

    /** An HTTP client of five threads and five connections. */
    private fun crowded(test: (OkHttpClient) -> Unit) {
        val base = OkHttpClient.Builder()
            .dispatcher(Dispatcher().apply { maxRequests = 5; maxRequestsPerHost = 5 })
            .connectionPool(ConnectionPool(5, 5, TimeUnit.MINUTES))
            .build()
        test(base)
    }

    private fun OkHttpClient.Builder.narrow(base: OkHttpClient) {
        dispatcher(base.dispatcher)
        connectionPool(base.connectionPool)
    }

    /** Makes the calls at once and returns their different results. */
    private fun <T> all(count: Int = CROWD, call: suspend () -> T): Set<T> = runBlocking(Dispatchers.IO) {
        withTimeout(5.minutes) { List(count) { async { call() } }.awaitAll().toSet() }
    }

    private fun Scene.rejection(token: RequestToken): Response {
        val plain = Request.Builder().url(api.url("/orders")).build()
        val call: Call = http.newCall(plain)
        return Response.Builder().request(plain.with(token, call)).protocol(Protocol.HTTP_1_1).code(401).message("No").build()
    }

    /** How many more threads there were meanwhile, at most. */
    private fun peakThreads(work: () -> Unit): Int {
        val threads = ManagementFactory.getThreadMXBean()
        threads.resetPeakThreadCount()
        val before = threads.threadCount
        work()
        return (threads.peakThreadCount - before).also { println("threads before: $before, at most $it more") }
    }

    private fun residentKilobytes(): Int {
        repeat(3) {
            System.gc()
            System.runFinalization()
        }
        val line = Path.of("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }
        return line.filter(Char::isDigit).toInt()
    }

    private companion object {
        const val CROWD = 10_000
        const val ROUNDS_OF_EXPIRY = 3
        const val WARM_UP = 20

        /** `Dispatchers.IO` has 64, which make the calls; the rest is for OkHttp, the server and the refresh. */
        const val MOST_THREADS = 120

        /** In KiB. */
        const val MOST_GROWTH = 64 * 1024
    }
}
