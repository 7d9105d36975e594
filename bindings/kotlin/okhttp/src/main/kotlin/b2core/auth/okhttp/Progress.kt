package b2core.auth.okhttp

import b2core.auth.NetworkProblem
import okhttp3.Call
import okhttp3.EventListener
import okhttp3.Response
import java.io.IOException
import java.io.InterruptedIOException
import java.net.ProtocolException
import java.security.cert.CertificateException
import javax.net.ssl.SSLException

/** How far a call has come, which says whether the host can have received the request. */
internal class Progress : EventListener() {
    @Volatile
    private var isSent = false

    @Volatile
    private var isAnswered = false

    override fun requestHeadersStart(call: Call) {
        isSent = true
    }

    override fun responseHeadersEnd(call: Call, response: Response) {
        isAnswered = true
    }

    /** Why the call has failed with this exception. Its text is not used: it can name what was sent. */
    fun problem(e: IOException): NetworkProblem = when {
        e is TooLarge -> NetworkProblem.TOO_LARGE
        !isSent -> when {
            e.isPinMismatch() -> NetworkProblem.PIN_MISMATCH
            e.isAboutTls() -> NetworkProblem.TLS
            else -> NetworkProblem.UNREACHABLE
        }
        e is InterruptedIOException -> NetworkProblem.TIMED_OUT
        // After the headers, it is a body that was cut off.
        e is ProtocolException && !isAnswered -> NetworkProblem.NOT_HTTP
        else -> NetworkProblem.INTERRUPTED
    }

    private fun IOException.isAboutTls(): Boolean =
        generateSequence<Throwable>(this) { it.cause }.any { it is SSLException || it is CertificateException }
}
