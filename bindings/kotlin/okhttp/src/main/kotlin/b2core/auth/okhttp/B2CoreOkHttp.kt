@file:JvmName("B2CoreOkHttp")

package b2core.auth.okhttp

import b2core.auth.AuthClient
import b2core.auth.Office
import b2core.auth.Session
import b2core.auth.TokenScope
import b2core.auth.TokenSource
import okhttp3.OkHttpClient

/**
 * Puts the access token of whoever is signed in at this [office] on the requests to [baseUrl], and on no others; once after a 401,
 * refreshes the token and sends the request again.
 *
 * In Java: `B2CoreOkHttp.install(builder, client, Office.FRONT, "https://broker.example")`.
 *
 * Add interceptors that send a request several times before this one, so that each attempt gets a token that is good then. An
 * authenticator of the app's own stays in charge of all other requests.
 *
 * @param client the client that the user signs in with. It stays the caller's to close, after the last request.
 * @param baseUrl the host of the client, as it was given to it, or where its API is served.
 * @param furtherBaseUrls other places that may receive the token. See [TokenScope].
 * @throws IllegalArgumentException if one of the URLs is no base URL.
 */
@JvmName("install")
@Throws(IllegalArgumentException::class)
public fun OkHttpClient.Builder.b2coreAuth(
    client: AuthClient,
    office: Office,
    baseUrl: String,
    vararg furtherBaseUrls: String,
): OkHttpClient.Builder = installed(TokenSource(client, office), TokenScope(baseUrl, *furtherBaseUrls))

/**
 * Like the other one, for this [session] only: for an HTTP client that is made for one user, such as on a server. The session stays
 * the caller's to close, after the last request. After it was signed out, requests go without a token.
 */
@JvmName("install")
@Throws(IllegalArgumentException::class)
public fun OkHttpClient.Builder.b2coreAuth(
    session: Session,
    baseUrl: String,
    vararg furtherBaseUrls: String,
): OkHttpClient.Builder = installed(TokenSource(session), TokenScope(baseUrl, *furtherBaseUrls))

private fun OkHttpClient.Builder.installed(source: TokenSource, scope: TokenScope): OkHttpClient.Builder {
    val urls = AllowedUrls(scope)
    // Of two for the same URLs the later one counts, as on a client that was derived from another user's.
    interceptors().removeAll { (it as? B2CoreAuthInterceptor)?.urls?.isSameAs(urls) == true }
    networkInterceptors().removeAll { (it as? RedirectGuard)?.urls?.isSameAs(urls) == true }
    return addInterceptor(B2CoreAuthInterceptor(source, urls)).addNetworkInterceptor(RedirectGuard(urls))
}
