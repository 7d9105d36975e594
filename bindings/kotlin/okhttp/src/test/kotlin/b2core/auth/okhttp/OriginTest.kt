package b2core.auth.okhttp

import b2core.auth.Office
import b2core.auth.support.Api
import b2core.auth.support.User
import mockwebserver3.MockResponse
import okhttp3.Authenticator
import okhttp3.Interceptor
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response
import okhttp3.WebSocket
import okhttp3.WebSocketListener
import okhttp3.tls.HandshakeCertificates
import okhttp3.tls.HeldCertificate
import org.junit.jupiter.api.Test
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Where the token goes, and where it does not. */
class OriginTest {
    @Test
    fun theTokenGoesToItsOwnOriginOnly() = scene {
        Api().use { other ->
            assertEquals(200, get("/orders"))
            assertEquals(401, http.get(other.url("/orders")))
            assertEquals(listOf<String?>(user.token()), api.tokens("/orders"))
            assertEquals(listOf<String?>(null), other.tokens("/orders"))
            // The same server by another name.
            assertEquals(401, http.get(api.url("/by-name").replace("127.0.0.1", "localhost")))
            assertEquals(listOf<String?>(null), api.tokens("/by-name"))
        }
    }

    @Test
    fun theTokenGoesBelowTheBasePathOnly() = scene(path = "/tenant-a") {
        assertEquals(200, get("/tenant-a/orders"))
        for (path in listOf("/tenant-b", "/tenant-ab", "/", "/tenant-a%2f..%2ftenant-b", "/tenant-a/..;/tenant-b")) {
            assertEquals(401, get(path), path)
            assertEquals(listOf<String?>(null), api.tokens(path), path)
        }
    }

    @Test
    fun furtherBaseUrlsGetTheToken() = scene {
        Api().use { other ->
            val wider = OkHttpClient.Builder()
                .b2coreAuth(user.client, Office.FRONT, api.url(), other.url("/v2")).build()
            assertEquals(200, wider.get(other.url("/v2/orders")))
            assertEquals(401, wider.get(other.url("/v1/orders")))
        }
    }

    @Test
    fun aRedirectToAnotherOriginLosesTheToken() = scene {
        user.ageToken()
        Api().use { other ->
            api.redirect("/away", other.url("/trap"))
            assertEquals(401, get("/away"))
            assertEquals(listOf<String?>(user.token()), api.tokens("/away"))
            assertEquals(listOf<String?>(null), other.tokens("/trap"))
        }
        assertEquals(0, host.refreshes())
    }

    @Test
    fun aRedirectToAnotherBasePathLosesTheToken() = scene(path = "/tenant-a") {
        user.ageToken()
        api.redirect("/tenant-a/away", api.url("/tenant-b"))
        api.redirect("/tenant-a/near", api.url("/tenant-a/orders"))
        assertEquals(401, get("/tenant-a/away"))
        assertEquals(listOf<String?>(null), api.tokens("/tenant-b"))
        assertEquals(200, get("/tenant-a/near"))
        assertEquals(0, host.refreshes())
    }

    @Test
    fun aRedirectToPlainHttpLosesTheToken() = scene {
        val certificate = HeldCertificate.Builder().addSubjectAlternativeName("localhost").build()
        val server = HandshakeCertificates.Builder().heldCertificate(certificate).build()
        val trust = HandshakeCertificates.Builder().addTrustedCertificate(certificate.certificate).build()
        Api(server.sslSocketFactory()).use { secure ->
            secure.redirect("/away", api.url("/plain").replace("127.0.0.1", "localhost"))
            val http = OkHttpClient.Builder().b2coreAuth(user.client, Office.FRONT, secure.url())
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager).build()
            assertEquals(200, http.get(secure.url("/orders")))
            assertEquals(401, http.get(secure.url("/away")))
            assertEquals(listOf<String?>(null), api.tokens("/plain"))
        }
    }

    @Test
    fun anInterceptorThatMovesTheRequestElsewhereLosesTheToken() = Api().use { other ->
        val mover = Interceptor { chain ->
            chain.proceed(chain.request().newBuilder().url(other.url("/trap")).build())
        }
        scene(setup = { addInterceptor(mover) }) {
            assertEquals(401, get("/orders"))
            assertEquals(listOf<String?>(null), other.tokens("/trap"))
            assertEquals(0, host.refreshes())
        }
    }

    @Test
    fun theCallersOwnAuthorizationIsUntouched() = scene {
        user.ageToken()
        api.rejectsAll = true
        assertEquals(401, get("/mine") { header("Authorization", "Basic bWluZQ==") })
        assertEquals(listOf<String?>("Basic bWluZQ=="), api.tokens("/mine"))
        // Also if it looks like ours.
        val token = user.token()
        assertEquals(401, get("/same") { header("Authorization", "Bearer $token") })
        assertEquals(listOf<String?>(token), api.tokens("/same"))
        assertEquals(0, host.refreshes())
    }

    @Test
    fun anAuthenticatorOfTheAppAnswersAllOtherRequests() {
        val own = Authenticator { _, response: Response ->
            response.request.takeIf { it.header("Authorization") == null }?.newBuilder()?.header("Authorization", "own")?.build()
        }
        scene(setup = { authenticator(own) }) {
            Api().use { other ->
                assertEquals(200, http.get(other.url("/theirs")))
                assertEquals(listOf(null, "own"), other.tokens("/theirs"))
            }
            api.rejectsAll = true
            assertEquals(401, get("/ours"))
            assertEquals(listOf<String?>(user.token()), api.tokens("/ours"))
        }
    }

    @Test
    fun aWebSocketGetsTheTokenAndTakesItNowhereElse() = scene(path = "/tenant-a") {
        api.answer("/tenant-a/live", MockResponse.Builder().webSocketUpgrade(object : WebSocketListener() {}).build())
        api.redirect("/tenant-a/away", api.url("/tenant-b"))
        assertEquals("open", socket("/tenant-a/live"))
        assertEquals(listOf<String?>(user.token()), api.tokens("/tenant-a/live"))
        assertEquals("failed", socket("/tenant-a/away"))
        assertEquals(emptyList(), api.tokens("/tenant-b"))
    }

    @Test
    fun anInterceptorThatMovesAWebSocketElsewhereLosesTheToken() = Api().use { other ->
        val mover = Interceptor { chain ->
            chain.proceed(chain.request().newBuilder().url(other.url("/trap")).build())
        }
        scene(setup = { addInterceptor(mover) }) {
            other.answer("/trap", MockResponse.Builder().webSocketUpgrade(object : WebSocketListener() {}).build())
            assertEquals("failed", socket("/live"))
            assertEquals(emptyList(), other.tokens("/trap"))
        }
    }

    private fun Scene.socket(path: String): String {
        val outcome = CompletableFuture<String>()
        val socket = http.newWebSocket(Request.Builder().url(api.url(path)).build(), object : WebSocketListener() {
            override fun onOpen(webSocket: WebSocket, response: Response) {
                outcome.complete("open")
            }

            override fun onFailure(webSocket: WebSocket, t: Throwable, response: Response?) {
                outcome.complete("failed")
            }
        })
        return outcome.get(1, TimeUnit.MINUTES).also { socket.cancel() }
    }

    @Test
    fun onAClientThatWasDerivedTheLaterUserCounts() = scene {
        User(host).use { other ->
            val derived = http.newBuilder().b2coreAuth(other.client, Office.FRONT, api.url()).build()
            assertEquals(200, derived.get(api.url("/orders")))
            assertEquals(listOf<String?>(other.token()), api.tokens("/orders"))
            assertTrue(other.token() != user.token())
        }
    }

    @Test
    fun aRequestPrintsWithoutItsToken() {
        var printed = ""
        val printer = Interceptor { chain ->
            printed = chain.request().toString()
            chain.proceed(chain.request())
        }
        scene(setup = { addInterceptor(printer) }) {
            assertEquals(200, get("/orders") { post("x".toRequestBody()) })
            assertTrue("SentToken(..)" in printed && user.token() !in printed, printed)
        }
    }
}
