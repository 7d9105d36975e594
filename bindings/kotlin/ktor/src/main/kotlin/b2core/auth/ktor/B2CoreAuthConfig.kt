package b2core.auth.ktor

import b2core.auth.AuthClient
import b2core.auth.Office
import b2core.auth.Session
import b2core.auth.TokenScope
import b2core.auth.TokenSource
import io.ktor.utils.io.KtorDsl

/** Whose tokens [B2CoreAuth] sends, and where to. Both are needed. */
@KtorDsl
public class B2CoreAuthConfig internal constructor() {
    private var tokens: TokenSource? = null
    private val baseUrls = mutableListOf<String>()

    /** The tokens of whoever is signed in at this [office]. The client stays the caller's to close, after the last request. */
    public fun tokensOf(client: AuthClient, office: Office) {
        tokens = TokenSource(client, office)
    }

    /**
     * The tokens of this session only: for an HTTP client that is made for one user, such as on a server. The session stays the
     * caller's to close, after the last request. After it was signed out, requests go without a token.
     */
    public fun tokensOf(session: Session) {
        tokens = TokenSource(session)
    }

    /**
     * Allows requests below this base URL to carry the token: the host of the [AuthClient], as it was given to it, or where its
     * API is served. It can be called several times. See [TokenScope].
     */
    public fun sendTo(baseUrl: String) {
        baseUrls += baseUrl
    }

    internal fun source(): TokenSource = requireNotNull(tokens) { "B2CoreAuth: say whose tokens, by tokensOf" }

    internal fun scope(): TokenScope {
        require(baseUrls.isNotEmpty()) { "B2CoreAuth: say where to, by sendTo" }
        return TokenScope(baseUrls)
    }
}
