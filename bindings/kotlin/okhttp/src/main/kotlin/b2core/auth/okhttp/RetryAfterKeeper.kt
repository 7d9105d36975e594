package b2core.auth.okhttp

import b2core.auth.HttpHeader
import okhttp3.Headers
import okhttp3.Interceptor
import okhttp3.Response

/**
 * Hides the header `Retry-After` from OkHttp, which sends a request again at once if a 503 carries a zero there, and gives it back to
 * the library.
 */
internal object RetryAfterKeeper : Interceptor {
    private const val SEEN = "Retry-After"
    private const val HIDDEN = "b2core-auth-retry-after"

    override fun intercept(chain: Interceptor.Chain): Response {
        val response = chain.proceed(chain.request())
        val kept = response.headers.newBuilder().removeAll(HIDDEN)
        // Whatever the host has written: only headers that we send have to be plain text.
        response.header(SEEN)?.let { kept.removeAll(SEEN).addUnsafeNonAscii(HIDDEN, it) }
        return response.newBuilder().headers(kept.build()).build()
    }

    /** All headers, as the host has sent them. */
    fun restored(headers: Headers): List<HttpHeader> =
        headers.map { (name, value) -> HttpHeader(if (name == HIDDEN) SEEN else name, value) }
}
