package b2core.auth.okhttp

import okhttp3.Interceptor
import okhttp3.Response

/** Does something once, when an answer has come and nobody has seen it yet. */
class Interceptions : Interceptor {
    @Volatile
    var afterAnswer: (() -> Unit)? = null

    override fun intercept(chain: Interceptor.Chain): Response {
        val response = chain.proceed(chain.request())
        afterAnswer?.let {
            afterAnswer = null
            it()
        }
        return response
    }
}
