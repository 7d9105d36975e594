package b2core.auth.ktor

import b2core.auth.AuthException
import b2core.auth.Office
import b2core.auth.support.Gate
import b2core.auth.support.MapStore
import b2core.auth.support.User
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.plugins.HttpSend
import io.ktor.client.plugins.plugin
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.forms.MultiPartFormDataContent
import io.ktor.client.request.forms.formData
import io.ktor.client.request.setBody
import io.ktor.http.ContentType
import io.ktor.http.HttpMethod
import io.ktor.http.content.ByteArrayContent
import io.ktor.http.content.ChannelWriterContent
import io.ktor.http.content.OutgoingContent
import io.ktor.http.content.TextContent
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.writeStringUtf8
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.async
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue

/** What a 401 leads to, and a token that has expired. */
class RefreshTest {
    @Test
    fun a401LeadsToOneRefreshAndOneRetry() = scene {
        val old = rejected()
        assertEquals(200, get("/orders") { post("buy") })
        assertEquals(listOf<String?>(old, user.token()), api.tokens("/orders"))
        assertEquals(listOf("buy", "buy"), api.seen.map { it.body })
        assertEquals(1, host.refreshes())
    }

    @Test
    fun aSecond401ReachesTheCaller() = scene {
        user.ageToken()
        api.rejectsAll = true
        assertEquals(401, get("/orders"))
        assertEquals(2, api.tokens("/orders").toSet().size)
        assertEquals(2, api.tokens("/orders").size)
        assertEquals(1, host.refreshes())
    }

    /** The retry is redirected, and what is there rejects the token too, which is old enough by then. */
    @Test
    fun aCallIsRepeatedOnceAlsoBehindARedirect() = scene {
        rejected()
        http.plugin(HttpSend).intercept { request ->
            val answer = execute(request)
            when (answer.response.status.value) {
                401 -> api.redirect("/orders", api.url("/elsewhere"))
                302 -> {
                    user.ageToken()
                    api.rejectsAll = true
                }
            }
            answer
        }
        assertEquals(401, get("/orders"))
        assertEquals(1, api.tokens("/elsewhere").size)
        assertEquals(1, host.refreshes())
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
        val bodies = mapOf<String, () -> OutgoingContent>(
            "/read" to {
                object : OutgoingContent.ReadChannelContent() {
                    override fun readFrom() = ByteReadChannel("all of it")
                }
            },
            "/written" to { ChannelWriterContent({ writeStringUtf8("all of it") }, ContentType.Text.Plain) },
            "/form" to { MultiPartFormDataContent(formData { append("a", "all of it") }) },
        )
        for ((path, body) in bodies) {
            val old = rejected()
            assertEquals(401, get(path) { post(body()) }, path)
            assertEquals(listOf<String?>(old), api.tokens(path), path)
            assertTrue("all of it" in api.seen.last().body, path)
            // The next one goes through.
            assertEquals(200, get(path) { post(body()) }, path)
        }
        assertEquals(bodies.size, host.refreshes())
    }

    @Test
    fun aBodyInMemoryIsSentAgain() = scene {
        val bodies = listOf(TextContent("text", ContentType.Text.Plain), ByteArrayContent("bytes".toByteArray()))
        for (body in bodies) {
            rejected()
            assertEquals(200, get("/orders") { post(body) })
        }
        assertEquals(listOf("text", "text", "bytes", "bytes"), api.seen.map { it.body })
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
    fun aRequestIsNotSentAgainAsAnotherUser() = scene {
        val first = rejected()
        http.plugin(HttpSend).intercept { request ->
            execute(request).also {
                user.signOut()
                user.signInAsAnother()
            }
        }
        assertEquals(401, get("/orders"))
        assertEquals(listOf<String?>(first), api.tokens("/orders"))
    }

    @Test
    fun aHostThatIsDownDuringTheRefreshIsTypedAndKeepsTheSession() = scene {
        rejected()
        host.breakRefreshes()
        assertFailsWith<AuthException.Network> { get("/orders") }
        host.repair()
        assertEquals(200, get("/orders"))
    }

    @Test
    fun aHostThatIsDownWhenTheTokenHasExpiredIsTypedAndKeepsTheSession() = scene {
        user.expireToken()
        host.breakRefreshes()
        assertFailsWith<AuthException.Network> { get("/orders") }
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
        assertFailsWith<AuthException.SessionEnded> { get("/orders") }
        assertEquals(401, get("/orders"))
        assertEquals(listOf<String?>(null), api.tokens("/orders"))
    }

    @Test
    fun aStoreThatIsLockedIsNotSignedOut() {
        val store = MapStore()
        scene({ User(it, store = store) }) {
            store.isLocked = true
            assertFailsWith<AuthException.StoreUnavailable> { get("/orders") }
            store.isLocked = false
            assertEquals(200, get("/orders"))
        }
    }

    @Test
    fun cancellingEndsTheWaitAndNotTheRefresh() {
        val gate = Gate()
        scene({ User(it, gate) }) { coroutines ->
            val old = rejected()
            val hold = gate.close()
            val request = coroutines.async { get("/orders") }
            hold.arrived.await()
            request.cancel()
            assertFailsWith<CancellationException> { request.await() }
            hold.release()
            user.session().use { it.waitForRefresh() }
            assertNotEquals(old, user.token())
            assertEquals(1, host.refreshes())
        }
    }

    @Test
    fun oneSessionCanBeUsedInsteadOfAClient() = scene {
        user.session().use { session ->
            val http = HttpClient(CIO) {
                install(B2CoreAuth) {
                    tokensOf(session)
                    sendTo(api.url())
                }
            }
            http.use {
                assertEquals(200, it.status(api.url("/orders")))
                user.signOut()
                user.signInAsAnother()
                assertEquals(401, it.status(api.url("/after")))
                assertEquals(listOf<String?>(null), api.tokens("/after"))
            }
        }
    }

    private fun HttpRequestBuilder.post(body: Any) {
        method = HttpMethod.Post
        setBody(body)
    }
}
