package b2core.auth.ktor

import b2core.auth.AuthException
import b2core.auth.RequestToken
import b2core.auth.TokenScope
import io.ktor.client.HttpClient
import io.ktor.client.call.HttpClientCall
import io.ktor.client.plugins.api.ClientHook
import io.ktor.client.plugins.api.ClientPlugin
import io.ktor.client.plugins.api.Send
import io.ktor.client.plugins.api.createClientPlugin
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.HttpSendPipeline
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.Url
import io.ktor.util.AttributeKey
import io.ktor.util.pipeline.PipelinePhase

/**
 * Puts the access token of whoever is signed in on the requests to the allowed base URLs, and on no others; once after a 401,
 * refreshes the token and sends the request again.
 *
 * ```
 * HttpClient(engine) {
 *     install(B2CoreAuth) {
 *         tokensOf(client, Office.FRONT)
 *         sendTo("https://broker.example")
 *     }
 * }
 * ```
 *
 * A request throws an [AuthException] if somebody is signed in, but no token can be had for it. If nobody is signed in, it goes without
 * a token.
 */
public val B2CoreAuth: ClientPlugin<B2CoreAuthConfig> = createClientPlugin("B2CoreAuth", ::B2CoreAuthConfig) {
    val source = pluginConfig.source()
    val scope = pluginConfig.scope()

    // Each redirect comes here by itself, and starts from a request without the token.
    on(Send) { request ->
        if (HttpHeaders.Authorization in request.headers || request !in scope) return@on proceed(request)
        val token = source.cached() ?: source.current() ?: return@on proceed(request)
        val answer = request.with(token) { proceed(request) }
        val isOurs = answer.request.headers[HttpHeaders.Authorization] == token.authorization && answer.request.url in scope
        val isRejected = isOurs && answer.response.status == HttpStatusCode.Unauthorized
        if (!isRejected || request.attributes.contains(REPLACED)) return@on answer
        // Redirects take the attributes over: once in a call.
        request.attributes.put(REPLACED, Unit)
        // Also where the request cannot be sent again: the next one should go through.
        val newer = token.replacement() ?: return@on answer
        if (canBeSentAgain(request.body)) request.with(newer) { proceed(request) } else answer
    }

    // Also if another plugin has changed the URL since.
    on(LastBeforeEngine) { request ->
        val isOurs = request.headers[HttpHeaders.Authorization] == request.attributes.getOrNull(SENT)?.authorization
        if (isOurs && request !in scope) request.headers.remove(HttpHeaders.Authorization)
    }
}

/** Sends the request with this token, which is taken off it again. */
private suspend fun HttpRequestBuilder.with(token: RequestToken, send: suspend () -> HttpClientCall): HttpClientCall {
    headers[HttpHeaders.Authorization] = token.authorization
    attributes.put(SENT, token)
    try {
        return send()
    } finally {
        headers.remove(HttpHeaders.Authorization)
    }
}

private operator fun TokenScope.contains(request: HttpRequestBuilder): Boolean = request.url.build() in this

private operator fun TokenScope.contains(url: Url): Boolean =
    contains(url.protocol.name, url.host, url.port, url.encodedPath)

/** After all that other plugins do to a request that is sent. */
private object LastBeforeEngine : ClientHook<suspend (HttpRequestBuilder) -> Unit> {
    override fun install(client: HttpClient, handler: suspend (HttpRequestBuilder) -> Unit) {
        val phase = PipelinePhase("B2CoreAuth")
        client.sendPipeline.insertPhaseBefore(HttpSendPipeline.Engine, phase)
        client.sendPipeline.intercept(phase) { handler(context) }
    }
}

/** The token that was put on the request. It prints without its value. */
private val SENT = AttributeKey<RequestToken>("B2CoreAuthToken")

private val REPLACED = AttributeKey<Unit>("B2CoreAuthReplaced")
