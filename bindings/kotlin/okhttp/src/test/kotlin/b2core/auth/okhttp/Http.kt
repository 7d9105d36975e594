package b2core.auth.okhttp

import b2core.auth.Office
import b2core.auth.support.Api
import b2core.auth.support.Host
import b2core.auth.support.User
import kotlinx.coroutines.suspendCancellableCoroutine
import okhttp3.Call
import okhttp3.Callback
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.Response
import java.io.IOException
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/** A host, a user who is signed in there, and an API, whose requests this client gives the user's tokens. */
class Scene(val user: User, val host: Host, val api: Api, val http: OkHttpClient) {
    fun get(path: String, change: Request.Builder.() -> Unit = {}): Int = http.get(api.url(path), change)
}

fun scene(user: (Host) -> User = { User(it) }, path: String = "", setup: OkHttpClient.Builder.() -> Unit = {}, test: Scene.() -> Unit) {
    Host.start().use { host ->
        user(host).use { someone ->
            Api().use { api ->
                val http = OkHttpClient.Builder().b2coreAuth(someone.client, Office.FRONT, api.url(path)).apply(setup).build()
                try {
                    Scene(someone, host, api, http).test()
                } finally {
                    http.dispatcher.executorService.shutdown()
                    http.connectionPool.evictAll()
                }
            }
        }
    }
}

/** The status of the answer. */
fun OkHttpClient.get(url: String, change: Request.Builder.() -> Unit = {}): Int =
    newCall(Request.Builder().url(url).apply(change).build()).execute().use { it.code }

/** The status of the answer, without a thread of the caller's. */
suspend fun Call.status(): Int = suspendCancellableCoroutine { waiting ->
    waiting.invokeOnCancellation { cancel() }
    enqueue(object : Callback {
        override fun onFailure(call: Call, e: IOException) = waiting.resumeWithException(e)

        override fun onResponse(call: Call, response: Response) = waiting.resume(response.use { it.code })
    })
}
