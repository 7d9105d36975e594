package b2core.auth.okhttp

import b2core.auth.RequestToken
import b2core.auth.TokenScope
import okhttp3.Call
import okhttp3.HttpUrl
import okhttp3.Request

/**
 * The token that this library has put on a request, as a tag of the request. Follow-ups of OkHttp keep the tag, so it tells which
 * `Authorization` is ours, and whose token it is.
 */
internal class SentToken(val token: RequestToken, val call: Call) {
    override fun toString(): String = "SentToken(..)"
}

/** This request with this token. */
internal fun Request.with(token: RequestToken, call: Call): Request = newBuilder()
    .header(AUTHORIZATION, token.authorization)
    .tag(SentToken::class.java, SentToken(token, call))
    .build()

/** The token of ours that this request carries; null if it carries none or another `Authorization`. */
internal fun Request.sentToken(): SentToken? =
    tag(SentToken::class.java)?.takeIf { header(AUTHORIZATION) == it.token.authorization }

internal const val AUTHORIZATION = "Authorization"

/** The URLs that may receive the token. */
internal class AllowedUrls(private val scope: TokenScope) {
    operator fun contains(url: HttpUrl): Boolean = scope.contains(url.scheme, url.host, url.port, url.encodedPath)

    /** A scope prints its base URLs, in one form. */
    fun isSameAs(other: AllowedUrls): Boolean = scope.toString() == other.scope.toString()
}
