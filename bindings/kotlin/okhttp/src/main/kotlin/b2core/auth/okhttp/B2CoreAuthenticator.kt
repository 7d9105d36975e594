package b2core.auth.okhttp

import okhttp3.Authenticator
import okhttp3.Request
import okhttp3.Response
import okhttp3.Route

/**
 * Answers a 401 to a request that carries our token: with a token that was refreshed meanwhile or is refreshed now, once in a call.
 * All other 401s are [others]' to answer, such as those after a redirect to another host.
 */
internal class B2CoreAuthenticator(private val urls: AllowedUrls, private val others: Authenticator) : Authenticator {
    override fun authenticate(route: Route?, response: Response): Request? {
        val request = response.request
        val sent = request.sentToken()
        if (response.code != UNAUTHORIZED || sent == null || request.url !in urls) return others.authenticate(route, response)
        if (response.earlier().any { it.code == UNAUTHORIZED && it.request.sentToken() != null }) return null
        // Also where the request cannot be sent again: the next one should go through.
        val newer = sent.call.waitFor { sent.token.replacement() } ?: return null
        return if (request.canBeSentAgain()) request.with(newer, sent.call) else null
    }

    private fun Response.earlier(): Sequence<Response> = generateSequence(priorResponse) { it.priorResponse }

    private fun Request.canBeSentAgain(): Boolean = body?.let { !it.isOneShot() && !it.isDuplex() } ?: true

    private companion object {
        const val UNAUTHORIZED = 401
    }
}
