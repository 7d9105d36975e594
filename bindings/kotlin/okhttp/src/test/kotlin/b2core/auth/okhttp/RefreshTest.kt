package b2core.auth.okhttp

import b2core.auth.AuthException
import b2core.auth.Office
import b2core.auth.Recovery
import b2core.auth.TokenScope
import b2core.auth.TokenSource
import b2core.auth.support.Gate
import b2core.auth.support.MapStore
import b2core.auth.support.User
import kotlinx.coroutines.runBlocking
import okhttp3.Authenticator
import okhttp3.MediaType
import okhttp3.OkHttpClient
import okhttp3.Protocol
import okhttp3.Request
import okhttp3.RequestBody
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response
import okio.BufferedSink
import org.junit.jupiter.api.Test
import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What a 401 leads to, and a token that has expired. */
class RefreshTest {
    @Test
    fun a401LeadsToOneRefreshAndOneRetry() = scene {
        val old = rejected()
        assertEquals(200, get("/orders") { post("buy".toRequestBody()) })
        assertEquals(listOf<String?>(old, user.token()), api.tokens("/orders"))
        assertEquals(listOf("buy", "buy"), api.seen.map { it.body })
        assertEquals(1, host.refreshes())
    }

    @Test
    fun aSecond401ReachesTheCaller() {
        val during = Interceptions()
        scene(setup = { addNetworkInterceptor(during) }) {
            user.ageToken()
            api.rejectsAll = true
            // The second token is old enough to be replaced too.
            during.afterAnswer = { during.afterAnswer = user::ageToken }
            assertEquals(401, get("/orders"))
            assertEquals(2, api.tokens("/orders").toSet().size)
            assertEquals(2, api.tokens("/orders").size)
            assertEquals(1, host.refreshes())
        }
    }

    @Test
    fun aTokenThatWasJustIssuedIsNotReplaced() = scene {
        api.rejectsAll = true
        assertEquals(401, get("/orders"))
        assertEquals(1, api.tokens("/orders").size)
        assertEquals(0, host.refreshes())
    }

    @Test
    fun aTokenThatHasExpiredIsRefreshedFirst() = scene {
        assertEquals(200, get("/orders"))
        user.expireToken()
        assertEquals(200, get("/later"))
        assertEquals(listOf<String?>(user.token()), api.tokens("/later"))
        assertEquals(1, host.refreshes())
    }

    @Test
    fun aBodyThatCanBeSentOnceIsSentOnce() = scene {
        val old = rejected()
        assertEquals(401, get("/upload") { post(Streamed("all of it")) })
        assertEquals(listOf<String?>(old), api.tokens("/upload"))
        assertEquals(listOf("all of it"), api.seen.map { it.body })
        // The next one goes through.
        assertEquals(200, get("/upload") { post(Streamed("again")) })
        assertEquals(1, host.refreshes())
    }

    @Test
    fun aDuplexBodyIsNotSentAgain() = scene {
        rejected()
        val token = checkNotNull(TokenSource(user.client, Office.FRONT).run { runBlocking { current() } })
        val authenticator = B2CoreAuthenticator(AllowedUrls(TokenScope(api.url())), Authenticator.NONE)
        fun answerTo(body: RequestBody): Request? {
            val plain = Request.Builder().url(api.url("/orders")).post(body).build()
            val request = plain.with(token, http.newCall(plain))
            val rejection = Response.Builder().request(request).protocol(Protocol.HTTP_2).code(401).message("No").build()
            return authenticator.authenticate(null, rejection)
        }
        val duplex = object : RequestBody() {
            override fun contentType(): MediaType? = null

            override fun isDuplex(): Boolean = true

            override fun writeTo(sink: BufferedSink): Unit = sink.close()
        }
        assertNull(answerTo(duplex))
        assertNull(answerTo(Streamed("once")))
        assertEquals("Bearer ${user.token()}", answerTo("twice".toRequestBody())?.header("Authorization"))
        assertEquals(1, host.refreshes())
    }

    @Test
    fun aSignOutInBetweenTakesTheTokenAway() = scene {
        assertEquals(200, get("/before"))
        user.signOut()
        assertEquals(401, get("/after"))
        assertEquals(listOf<String?>(null), api.tokens("/after"))
    }

    @Test
    fun anotherUserGetsTheirOwnToken() = scene {
        val first = user.token()
        assertEquals(200, get("/orders"))
        user.signInAsAnother()
        assertEquals(200, get("/orders"))
        user.signOut()
        user.signIn()
        assertEquals(200, get("/orders"))
        val (one, two, three) = api.tokens("/orders")
        assertEquals(first, one)
        assertEquals(user.token(), three)
        assertEquals(3, setOf(one, two, three).size)
    }

    @Test
    fun aRequestIsNotSentAgainAsAnotherUser() {
        val during = Interceptions()
        scene(setup = { addNetworkInterceptor(during) }) {
            val first = rejected()
            during.afterAnswer = {
                user.signOut()
                user.signInAsAnother()
            }
            assertEquals(401, get("/orders"))
            assertEquals(listOf<String?>(first), api.tokens("/orders"))
        }
    }

    @Test
    fun aHostThatIsDownDuringTheRefreshIsTypedAndKeepsTheSession() = scene {
        rejected()
        host.breakRefreshes()
        val failed = assertFailsWith<AuthenticationException> { get("/orders") }
        assertIs<AuthException.Network>(failed.reason)
        assertEquals(failed.reason, failed.cause)
        host.repair()
        assertEquals(200, get("/orders"))
    }

    @Test
    fun aHostThatIsDownWhenTheTokenHasExpiredIsTypedAndKeepsTheSession() = scene {
        user.expireToken()
        host.breakRefreshes()
        assertIs<AuthException.Network>(assertFailsWith<AuthenticationException> { get("/orders") }.reason)
        assertEquals(emptyList(), api.tokens("/orders"))
        host.repair()
        assertEquals(200, get("/orders"))
    }

    @Test
    fun aSessionThatTheHostEndsReachesTheCallerAs401() = scene {
        val old = rejected()
        host.endSessions()
        assertEquals(401, get("/orders"))
        assertEquals(401, get("/orders"))
        assertEquals(listOf(old, null), api.tokens("/orders"))
    }

    @Test
    fun aSessionThatEndsBeforeTheRequestIsToldOnce() = scene {
        assertEquals(200, get("/before"))
        user.expireToken()
        host.endSessions()
        val failed = assertFailsWith<AuthenticationException> { get("/orders") }
        assertIs<AuthException.SessionEnded>(failed.reason)
        assertEquals(Recovery.SignInAgain, failed.reason.recovery)
        assertEquals(401, get("/orders"))
        assertEquals(listOf<String?>(null), api.tokens("/orders"))
    }

    @Test
    fun aStoreThatIsLockedIsNotSignedOut() {
        val store = MapStore()
        scene({ User(it, store = store) }) {
            store.isLocked = true
            assertIs<AuthException.StoreUnavailable>(assertFailsWith<AuthenticationException> { get("/orders") }.reason)
            store.isLocked = false
            assertEquals(200, get("/orders"))
        }
    }

    @Test
    fun cancellingEndsTheWaitAndNotTheRefresh() {
        val gate = Gate()
        scene({ User(it, gate) }) {
            val old = rejected()
            val hold = gate.close()
            val call = http.newCall(Request.Builder().url(api.url("/orders")).build())
            val outcome = CompletableFuture.supplyAsync({ call.execute().use { it.code } }, { Thread(it).start() })
            runBlocking { hold.arrived.await() }
            call.cancel()
            val failed = assertFailsWith<ExecutionException> { outcome.get(1, TimeUnit.MINUTES) }
            assertTrue(failed.cause is IOException && failed.cause !is AuthenticationException, "${failed.cause}")
            hold.release()
            user.session().use { runBlocking { it.waitForRefresh() } }
            assertNotEquals(old, user.token())
            assertEquals(1, host.refreshes())
        }
    }

    @Test
    fun aCallTimeoutEndsTheWait() {
        val gate = Gate()
        scene({ User(it, gate) }, setup = { callTimeout(300, TimeUnit.MILLISECONDS) }) {
            user.expireToken()
            val hold = gate.close()
            assertFailsWith<IOException> { get("/orders") }
            hold.release()
        }
    }

    @Test
    fun oneSessionCanBeUsedInsteadOfAClient() = scene {
        user.session().use { session ->
            val http = OkHttpClient.Builder().b2coreAuth(session, api.url()).build()
            assertEquals(200, http.get(api.url("/orders")))
            user.signOut()
            user.signInAsAnother()
            assertEquals(401, http.get(api.url("/after")))
            assertEquals(listOf<String?>(null), api.tokens("/after"))
            session.close()
            assertFailsWith<IOException> { http.get(api.url("/closed")) }
        }
    }

    /** The user's token, which is old enough to be replaced, and which the API rejects from now on. */
    private fun Scene.rejected(): String = user.token().also {
        user.ageToken()
        api.reject(it)
    }

    private class Streamed(private val text: String) : RequestBody() {
        override fun contentType(): MediaType? = null

        override fun isOneShot(): Boolean = true

        override fun writeTo(sink: BufferedSink) {
            sink.writeUtf8(text)
        }
    }
}
