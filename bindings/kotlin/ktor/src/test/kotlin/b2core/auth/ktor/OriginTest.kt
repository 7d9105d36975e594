package b2core.auth.ktor

import b2core.auth.Office
import b2core.auth.support.Api
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.mock.MockEngine
import io.ktor.client.engine.mock.respond
import io.ktor.client.plugins.HttpRedirect
import io.ktor.client.plugins.HttpSend
import io.ktor.client.plugins.api.Send
import io.ktor.client.plugins.api.SendingRequest
import io.ktor.client.plugins.api.createClientPlugin
import io.ktor.client.plugins.plugin
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.headersOf
import io.ktor.http.takeFrom
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** Where the token goes, and where it does not. */
class OriginTest {
    @Test
    fun theTokenGoesToItsOwnOriginOnly() = scene {
        Api().use { other ->
            assertEquals(200, get("/orders"))
            assertEquals(401, http.status(other.url("/orders")))
            assertEquals(listOf<String?>(user.token()), api.tokens("/orders"))
            assertEquals(listOf<String?>(null), other.tokens("/orders"))
            // The same server by another name.
            assertEquals(401, http.status(api.url("/by-name").replace("127.0.0.1", "localhost")))
            assertEquals(listOf<String?>(null), api.tokens("/by-name"))
        }
    }

    @Test
    fun theTokenGoesBelowTheBasePathOnly() = scene(path = "/tenant-a") {
        assertEquals(200, get("/tenant-a/orders"))
        val others = listOf(
            "/tenant-b", "/tenant-ab", "/", "/tenant-a/../tenant-b", "/tenant-a/%2e%2e/tenant-b", "/tenant-a%2f..%2ftenant-b",
            "/tenant-a/..;/tenant-b", "/tenant-a/%252e%252e/tenant-b",
        )
        for (path in others) assertEquals(401, get(path), path)
        assertEquals(setOf<String?>(null), api.seen.drop(1).map { it.authorization }.toSet())
        assertEquals(1 + others.size, api.seen.size)
    }

    @Test
    fun furtherBaseUrlsGetTheToken() = scene {
        Api().use { other ->
            val wider = HttpClient(CIO) {
                install(B2CoreAuth) {
                    tokensOf(user.client, Office.FRONT)
                    sendTo(api.url())
                    sendTo(other.url("/v2"))
                }
            }
            wider.use {
                assertEquals(200, it.status(other.url("/v2/orders")))
                assertEquals(401, it.status(other.url("/v1/orders")))
            }
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
    fun aRedirectThatIsFollowedBehindThePluginLosesTheToken() = scene(
        path = "/tenant-a",
        setup = {
            followRedirects = false
            install(HttpRedirect)
        },
    ) {
        api.redirect("/tenant-a/away", api.url("/tenant-b"))
        assertEquals(401, get("/tenant-a/away"))
        assertEquals(listOf<String?>(user.token()), api.tokens("/tenant-a/away"))
        assertEquals(listOf<String?>(null), api.tokens("/tenant-b"))
    }

    @Test
    fun aRedirectToPlainHttpLosesTheToken() = scene {
        val seen = mutableListOf<Pair<String, String?>>()
        val engine = MockEngine { request ->
            seen += request.url.toString() to request.headers[HttpHeaders.Authorization]
            when (request.url.toString()) {
                "https://broker.example/away" ->
                    respond("", HttpStatusCode.Found, headersOf(HttpHeaders.Location, "http://broker.example/plain"))
                else -> respond("")
            }
        }
        val http = HttpClient(engine) {
            followRedirects = false
            install(HttpRedirect) { allowHttpsDowngrade = true }
            install(B2CoreAuth) {
                tokensOf(user.client, Office.FRONT)
                sendTo("https://broker.example")
            }
        }
        http.use { it.status("https://broker.example/away") }
        val token = "Bearer ${user.token()}"
        assertEquals(listOf("https://broker.example/away" to token, "http://broker.example/plain" to null), seen)
    }

    @Test
    fun aPluginThatMovesTheRequestElsewhereLosesTheToken() = scene {
        Api().use { other ->
            http.plugin(HttpSend).intercept { request ->
                request.url.takeFrom(other.url("/trap"))
                execute(request)
            }
            assertEquals(401, get("/orders"))
            assertEquals(listOf<String?>(null), other.tokens("/trap"))
        }
    }

    @Test
    fun aPluginThatMovesTheRequestInTheLastMomentLosesTheToken() = Api().use { other ->
        val mover = createClientPlugin("Mover") { on(SendingRequest) { request, _ -> request.url.takeFrom(other.url("/trap")) } }
        scene(setup = { install(mover) }) {
            assertEquals(401, get("/orders"))
            assertEquals(listOf<String?>(null), other.tokens("/trap"))
        }
    }

    @Test
    fun somebodyElses401IsNotAnswered() = Api().use { other ->
        val elsewhere = createClientPlugin("Elsewhere") {
            on(Send) { request -> proceed(request.apply { url.takeFrom(other.url("/trap")) }) }
        }
        scene(setup = { install(elsewhere) }) {
            user.ageToken()
            assertEquals(401, get("/orders"))
            assertEquals(1 to 0, other.seen.size to host.refreshes())
        }
        val asAnother = createClientPlugin("AsAnother") {
            on(Send) { request -> proceed(request.apply { headers[HttpHeaders.Authorization] = "Basic bWluZQ==" }) }
        }
        scene(setup = { install(asAnother) }) {
            user.ageToken()
            api.rejectsAll = true
            assertEquals(401, get("/orders"))
            assertEquals(1 to 0, api.seen.size to host.refreshes())
        }
    }

    @Test
    fun theCallersOwnAuthorizationIsUntouched() = scene {
        user.ageToken()
        api.rejectsAll = true
        assertEquals(401, get("/mine") { headers[HttpHeaders.Authorization] = "Basic bWluZQ==" })
        assertEquals(listOf<String?>("Basic bWluZQ=="), api.tokens("/mine"))
        assertEquals(0, host.refreshes())
    }

    @Test
    fun aPluginWithoutItsSettingsIsRefused() = scene {
        val incomplete = listOf<B2CoreAuthConfig.() -> Unit>(
            { sendTo("https://broker.example") },
            { tokensOf(user.client, Office.FRONT) },
            { tokensOf(user.client, Office.FRONT); sendTo("http://broker.example") },
        )
        for (settings in incomplete) {
            val failed = assertFailsWith<IllegalArgumentException> { HttpClient(CIO) { install(B2CoreAuth, settings) } }
            assertTrue(failed.message!!.isNotEmpty())
        }
    }
}
