package b2core.auth.ktor

import b2core.auth.Office
import b2core.auth.support.Api
import b2core.auth.support.Host
import b2core.auth.support.User
import io.ktor.client.HttpClient
import io.ktor.client.HttpClientConfig
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.CIOEngineConfig
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.request
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.minutes

/** A host, a user who is signed in there, and an API, whose requests this client gives the user's tokens. */
class Scene(val user: User, val host: Host, val api: Api, val http: HttpClient) {
    suspend fun get(path: String, change: HttpRequestBuilder.() -> Unit = {}): Int = http.status(api.url(path), change)

    /** The user's token, which is old enough to be replaced, and which the API rejects from now on. */
    fun rejected(): String = user.token().also {
        user.ageToken()
        api.reject(it)
    }
}

fun scene(
    user: (Host) -> User = { User(it) },
    path: String = "",
    setup: HttpClientConfig<CIOEngineConfig>.() -> Unit = {},
    test: suspend Scene.(CoroutineScope) -> Unit,
) {
    Host.start().use { host ->
        user(host).use { someone ->
            Api().use { api ->
                val http = HttpClient(CIO) {
                    install(B2CoreAuth) {
                        tokensOf(someone.client, Office.FRONT)
                        sendTo(api.url(path))
                    }
                    setup()
                }
                // The timeout only ends a test that hangs: no test depends on it.
                http.use { runBlocking(Dispatchers.Default) { withTimeout(5.minutes) { Scene(someone, host, api, it).test(this) } } }
            }
        }
    }
}

/** The status of the answer. */
suspend fun HttpClient.status(url: String, change: HttpRequestBuilder.() -> Unit = {}): Int = request(url, change).status.value
