package b2core.auth.okhttp

import b2core.auth.TokenSource
import okhttp3.Call
import okhttp3.EventListener
import okhttp3.Interceptor
import okhttp3.Request
import okhttp3.Response

/**
 * Puts the token on requests to the allowed URLs that carry no `Authorization` of their own, and lets [B2CoreAuthenticator] answer
 * a 401 to them. It runs before OkHttp takes a connection, so a request that waits for its token holds none.
 */
internal class B2CoreAuthInterceptor(private val source: TokenSource, val urls: AllowedUrls) : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        val request = chain.request()
        if (request.header(AUTHORIZATION) != null || request.url !in urls) return chain.proceed(request)
        val call = chain.call()
        val token = source.cached() ?: call.waitFor { source.current() } ?: return chain.proceed(request)
        if (request.header("Upgrade") != null) call.addEventListener(UpgradeGuard(urls))
        return chain.withAuthenticator(B2CoreAuthenticator(urls, chain.authenticator)).proceed(request.with(token, call))
    }
}

/**
 * Takes the token off a request that was redirected to where it may not go. OkHttp does so if the host, the port or the scheme
 * changes, but not if only the path does.
 */
internal class RedirectGuard(val urls: AllowedUrls) : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        val request = chain.request()
        return chain.proceed(if (request.mayGo(urls)) request else request.newBuilder().removeHeader(AUTHORIZATION).build())
    }
}

/**
 * The same for web sockets, which network interceptors do not see: a call that would take the token elsewhere is cancelled, after a
 * redirect or where an interceptor behind this one has changed the URL.
 */
private class UpgradeGuard(private val urls: AllowedUrls) : EventListener() {
    /** The request is in a buffer then, and sent after this. */
    override fun requestHeadersEnd(call: Call, request: Request) {
        if (!request.mayGo(urls)) call.cancel()
    }

    override fun followUpDecision(call: Call, networkResponse: Response, nextRequest: Request?) {
        if (nextRequest != null && !nextRequest.mayGo(urls)) call.cancel()
    }
}

private fun Request.mayGo(urls: AllowedUrls): Boolean = sentToken() == null || url in urls
