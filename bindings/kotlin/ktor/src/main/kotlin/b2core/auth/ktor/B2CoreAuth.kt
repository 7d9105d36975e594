package b2core.auth.ktor

import b2core.auth.AuthException
import b2core.auth.RequestToken
import b2core.auth.TokenScope
import io.ktor.client.call.HttpClientCall
import io.ktor.client.plugins.api.ClientPlugin
import io.ktor.client.plugins.api.Send
import io.ktor.client.plugins.api.SendingRequest
import io.ktor.client.plugins.api.createClientPlugin
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.util.AttributeKey

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
        val isRejected = answer.response.status == HttpStatusCode.Unauthorized
        if (!isRejected || request.attributes.contains(REPLACED)) return@on answer
        // Redirects take the attributes over: once in a call.
        request.attributes.put(REPLACED, Unit)
        // Also where the request cannot be sent again: the next one should go through.
        val newer = token.replacement() ?: return@on answer
        if (canBeSentAgain(request.body)) request.with(newer) { proceed(request) } else answer
    }

    // Also if another plugin has changed the URL since.
    on(SendingRequest) { request, _ ->
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

private operator fun TokenScope.contains(request: HttpRequestBuilder): Boolean {
    val url = request.url.build()
    return contains(url.protocol.name, url.host, url.port, url.encodedPath)
}

/** The token that was put on the request. It prints without its value. */
private val SENT = AttributeKey<RequestToken>("B2CoreAuthToken")

private val REPLACED = AttributeKey<Unit>("B2CoreAuthReplaced")
