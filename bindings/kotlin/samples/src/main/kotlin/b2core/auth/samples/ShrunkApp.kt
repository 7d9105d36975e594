package b2core.auth.samples

import b2core.auth.AppSessionStore
import b2core.auth.AppTransport
import b2core.auth.AuthClient
import b2core.auth.AuthException
import b2core.auth.HttpHeader
import b2core.auth.HttpRequest
import b2core.auth.HttpResponse
import b2core.auth.NetworkProblem
import b2core.auth.Office
import b2core.auth.QrState
import b2core.auth.ScanSource
import b2core.auth.SignInStep
import b2core.auth.UserPresence
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.io.IOException
import java.net.HttpURLConnection
import java.net.URI
import java.util.Locale
import java.util.concurrent.ConcurrentHashMap

/**
 * An app that does everything once at a sandbox, and prints what it has done: it is shrunk by R8 with the rules of the AAR, and its
 * output is run.
 */
object ShrunkApp {
    @JvmStatic
    fun main(args: Array<String>) {
        val host = args[0]
        runBlocking {
            signInByCode(host)
            resume(host)
            ownTransport(host)
            qr(host)
        }
        println("done")
        Runtime.getRuntime().halt(0)
    }

    /** A store of the app's, a wrong code with its text, the right one, a refresh, a sign-out. */
    private suspend fun signInByCode(host: String) {
        val store = MapStore()
        val client = AuthClient(host, store) { userAgent = "shrunk/1" }
        val code = enter(client, "sms@example.com") as SignInStep.Code
        check(store.names().isNotEmpty())
        try {
            code.submit("000000")
            error("a wrong code was accepted")
        } catch (e: AuthException.WrongCode) {
            check(e.code == "wrong_code" && e.userMessage(Locale.GERMAN) != e.userMessage(Locale.ENGLISH))
            check(e.userMessage(Locale.GERMAN) != "error-wrong-code")
        }
        val session = (code.submit(code(host, "sms@example.com")) as SignInStep.SignedIn).session
        val old = session.accessToken().value
        session.refresh()
        check(session.accessToken().value != old)
        check(client.authStateChanges(Office.FRONT).first().toString().isNotEmpty())
        check(client.signOut(Office.FRONT).account == "sms@example.com")
        println("signed in by a code")
    }

    private suspend fun resume(host: String) {
        val store = MapStore()
        AuthClient(host, store).use { enter(it, "sms@example.com") }
        val resumed = checkNotNull(AuthClient(host, store).resumeSignIn(Office.FRONT))
        check(resumed.current is SignInStep.Code)
        resumed.abandon()
        println("resumed")
    }

    private suspend fun ownTransport(host: String) {
        val client = AuthClient(host, MapStore()) { transport = PlainTransport() }
        check(enter(client, "plain@example.com") is SignInStep.SignedIn)
        val offline = AuthClient("http://127.0.0.1:1", MapStore()) { transport = PlainTransport() }
        try {
            enter(offline, "plain@example.com")
            error("nobody listens there")
        } catch (e: AuthException.Network) {
            check(e.problem == NetworkProblem.UNREACHABLE)
        }
        println("own transport")
    }

    private suspend fun qr(host: String) {
        val phone = AuthClient(host, MapStore()) { userPresence = UserPresence { it.account == "plain@example.com" } }
        val session = (enter(phone, "plain@example.com") as SignInStep.SignedIn).session
        val display = AuthClient(host, MapStore())
        var account: String? = null
        display.qrSignIn().use { signIn ->
            signIn.states.collect { state ->
                when (state) {
                    is QrState.Shown -> session.inspectQr(state.code.payload, ScanSource.CAMERA).approve()
                    is QrState.SignedIn -> account = state.session.account
                    else -> check(state is QrState.Approved)
                }
            }
        }
        check(account == "plain@example.com")
        println("signed in by QR")
    }

    private suspend fun enter(client: AuthClient, email: String): SignInStep {
        val form = (client.signIn(Office.FRONT).current as SignInStep.Start).open() as SignInStep.Credentials
        return form.submit(email, "Secret123")
    }

    private fun code(host: String, email: String): String {
        val messages = URI("$host/_sandbox/outbox?to=$email").toURL().readText()
        return Regex(""""code":"(\w+)"""").findAll(messages).last().groupValues[1]
    }

    private class MapStore : AppSessionStore() {
        private val records = ConcurrentHashMap<String, ByteArray>()

        override suspend fun load(name: String): ByteArray? = records[name]

        override suspend fun save(name: String, data: ByteArray) {
            records[name] = data
        }

        override suspend fun remove(name: String) {
            records.remove(name)
        }

        override suspend fun names(): Collection<String> = records.keys
    }

    private class PlainTransport : AppTransport() {
        override suspend fun send(request: HttpRequest): HttpResponse = withContext(Dispatchers.IO) {
            val connection = URI(request.url).toURL().openConnection() as HttpURLConnection
            connection.instanceFollowRedirects = false
            connection.requestMethod = request.method
            for (header in request.headers) connection.setRequestProperty(header.name, header.value)
            try {
                request.body?.let { connection.doOutput = true; connection.outputStream.use { out -> out.write(it) } }
                val status = connection.responseCode
                val body = (connection.errorStream ?: connection.inputStream).use { it.readBytes() }
                HttpResponse(status, connection.headerFields.flatMap { (n, v) -> v.map { HttpHeader(n.orEmpty(), it) } }, body)
            } catch (_: IOException) {
                noAnswer(NetworkProblem.UNREACHABLE)
            }
        }
    }
}
