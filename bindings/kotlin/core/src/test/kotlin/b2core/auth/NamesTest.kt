package b2core.auth

import b2core.auth.support.Answer
import b2core.auth.support.MapStore
import b2core.auth.support.PASSWORD
import b2core.auth.support.Script
import b2core.auth.support.answer
import b2core.auth.support.at
import b2core.auth.support.broken
import b2core.auth.support.choice
import b2core.auth.support.client
import b2core.auth.support.complaint
import b2core.auth.support.form
import b2core.auth.support.mailed
import b2core.auth.support.ok
import b2core.auth.support.oneOfEach
import b2core.auth.support.refusal
import b2core.auth.support.test
import b2core.auth.support.tokens
import b2core.auth.support.wizard
import b2core.auth.support.workflow
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import org.junit.jupiter.api.Test
import java.util.Locale
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import b2core.auth.ffi.AuthException as FfiException

/** Every step and every error can occur, and has a name of its own. */
class NamesTest {
    @Test
    fun everyErrorIsProducedAndNamed() = test {
        val named = produced.map { (name, recovery, produce) ->
            val error = assertFailsWith<AuthException>(name) { produce() }
            assertEquals(name, nameOf(error), error.toString())
            assertEquals(recovery ?: backingOff(error), error.recovery, name)
            assertTrue(!error.message.isNullOrBlank() && '\n' !in error.toString(), name)
            assertNotEquals(error.userMessage(Locale.ENGLISH), error.userMessage(Locale.GERMAN), name)
            name
        }
        assertEquals(AuthException::class.java.permittedSubclasses.map { it.simpleName }.toSet(), named.toSet())
    }

    @Test
    fun everyErrorArrivesWhole() {
        val each = oneOfEach(ServerMessage(listOf("No")), "id")
        assertEquals(FfiException::class.java.permittedSubclasses.toSet(), each.map { it.javaClass }.toSet<Class<*>>())
        for (ffi in each) {
            val error = ffi.wrapped()
            if (ffi is FfiException.Cancelled) {
                assertIs<CancellationException>(error)
                continue
            }
            assertEquals(ffi.javaClass.simpleName, nameOf(assertIs<AuthException>(error)))
            assertEquals(ffi.toString(), error.message)
            assertNull(error.cause)
            assertEquals(if (ffi.javaClass.methods.any { it.name == "getReasons" }) "a reason" else null, error.reason)
            val fields = ffi.javaClass.declaredMethods.map { it.name }.filter { it.startsWith("get") } - "getMessage" - "getReasons"
            for (field in fields) {
                val (below, above) = listOf(ffi, error).map { it.javaClass.getMethod(field).invoke(it) }
                assertEquals(below, above, "${nameOf(error)}.$field")
            }
        }
    }

    @Test
    fun everyStepIsProducedAndNamed() = test {
        val named = listOf(
            start(wizard()),
            form(),
            form(choice("sms", "google")).password(),
            code(),
            client(Script(mailed)).signIn(Office.BACK).current.at<SignInStep.Credentials>().password(),
            form(workflow("reset_password_email")).password(),
            newPassword(),
            form(tokens()).password(),
            form(workflow("kyc_form")).password(),
        ).map(::nameOf)
        assertEquals(SignInStep::class.java.permittedSubclasses.map { it.simpleName }.toSet(), named.toSet())
    }

    private val retry = Recovery.Retry(null)

    /** The backoff has jitter: it is up to a quarter longer than the host's `Retry-After`. */
    private fun backingOff(error: AuthException): Recovery {
        val seconds = assertIs<AuthException.BackingOff>(error).retryAfterSeconds
        assertTrue(seconds in 90L..126L, "$seconds")
        return Recovery.Retry(seconds)
    }

    private val produced = listOf<Triple<String, Recovery?, suspend () -> Unit>>(
        Triple("WrongCredentials", Recovery.AskUser) { form(refusal(401)).password() },
        Triple("WrongCode", Recovery.AskUser) { code(refusal(400)).submit("123456") },
        Triple("PasswordRefused", Recovery.AskUser) { newPassword(complaint("password")).submit("new") },
        Triple("Refused", Recovery.Report) { form(complaint("device_fingerprint")).password() },
        Triple("RecaptchaRequired", Recovery.AskUser) { start(wizard(recaptcha = true)).open().password() },
        Triple("RecaptchaRefused", Recovery.AskUser) {
            form(complaint("recaptchaResponse")).submit("ann@example.org", PASSWORD, recaptcha = "solved")
        },
        Triple("MethodNotAvailable", Recovery.AskUser) { code().choose(TwoFactorMethod.SMS) },
        Triple("InvalidInput", Recovery.AskUser) { form().submit("ann@example.org", "") },
        Triple("LockedOut", Recovery.Wait(90L)) { form(answer(429, "", "Retry-After" to "90")).password() },
        Triple("SignInExpired", Recovery.Restart) { code(refusal(404)).submit("123456") },
        Triple("Network", retry) { form(broken(NetworkProblem.UNREACHABLE)).password() },
        Triple("Network", Recovery.Report) { form(broken(NetworkProblem.TLS)).password() },
        Triple("HostFailed", Recovery.Retry(7L)) { form(answer(503, "", "Retry-After" to "7")).password() },
        Triple("HostFailed", retry) { form(answer(502, "<html>")).password() },
        Triple("BackingOff", null) {
            val session = session(answer(503, "", "Retry-After" to "100"))
            assertFailsWith<AuthException.HostFailed> { session.refresh() }
            session.refresh()
        },
        Triple("UnexpectedAnswer", Recovery.Report) { form(ok("<html>The hotel's own page")).password() },
        Triple("StoreUnavailable", retry) {
            client(Script(), MapStore().apply { locked = true }).session(Office.FRONT)
        },
        Triple("StoreFailed", Recovery.Report) {
            client(Script(), MapStore().apply { fault = { throw IllegalStateException() } }).session(Office.FRONT)
        },
        Triple("NotSaved", Recovery.Report) {
            val store = MapStore()
            store.fault = { if (it.startsWith("save session/")) throw IllegalStateException() }
            client(Script(wizard(), tokens()), store).signIn(Office.FRONT).form().password()
        },
        Triple("Qr", Recovery.AskUser) { session().inspectQr("WIFI:S:guest;;", ScanSource.CAMERA) },
        Triple("Qr", Recovery.Restart) {
            session(refusal(404)).inspectQr("channel-1", ScanSource.CAMERA).approve()
        },
        Triple("Channel", Recovery.Report) {
            val client = client("https://b2core.example") {
                transport = Script(wizard(), ok("""{"id":"channel-1"}"""))
                approvalChannel = ApprovalChannel { _, _ -> ChannelProblem.NOT_FOUND }
            }
            client.qrSignIn().states.collect {}
        },
        Triple("NotSignedIn", Recovery.SignInAgain) { session(ok("")).also { it.signOut() }.refresh() },
        Triple("SessionEnded", Recovery.SignInAgain) { session(refusal(401)).refresh() },
        Triple("ReauthenticationRequired", Recovery.SignInAgain) { session(refusal(400)).refresh() },
        Triple("SessionReplaced", Recovery.Reload) {
            val store = MapStore()
            val script = Script(wizard(), tokens("a", "b"), wizard(), tokens("c", "d"))
            val client = client(script, store)
            val first = client.signIn(Office.FRONT).form().password().at<SignInStep.SignedIn>().session
            client.signIn(Office.FRONT).form().password()
            first.refresh()
        },
        Triple("Busy", retry) {
            coroutineScope {
                val (asked, end) = listOf(CompletableDeferred<Unit>(), CompletableDeferred())
                val start = start({ asked.complete(Unit); end.await(); wizard()(this) })
                val first = async(start = CoroutineStart.UNDISPATCHED) { start.open() }
                asked.await()
                try {
                    start.open()
                } finally {
                    end.complete(Unit)
                    first.await()
                }
            }
        },
        Triple("StaleStep", Recovery.Reload) { start(wizard()).run { open(); open() } },
        Triple("Setup", Recovery.Report) { AuthClient("ftp://b2core.example", Store.Memory) },
        Triple("Setup", Recovery.Report) { client("https://b2core.example") { profile = "no/name" } },
    )

    private fun client(script: Script, store: Store = Store.Memory) =
        client("https://b2core.example", store) { transport = script }

    private fun start(vararg answers: Answer): SignInStep.Start =
        client(Script(*answers)).signIn(Office.FRONT).current.at()

    private suspend fun form(vararg answers: Answer): SignInStep.Credentials = start(wizard(), *answers).open().at()

    private suspend fun SignInStep.password(): SignInStep =
        at<SignInStep.Credentials>().submit("ann@example.org", PASSWORD)

    private suspend fun code(vararg answers: Answer): SignInStep.Code =
        form(workflow("2fa_google_auth"), *answers).password().at()

    private suspend fun newPassword(vararg answers: Answer): SignInStep.NewPassword =
        form(workflow("reset_password_email"), workflow("reset_password"), *answers).password()
            .at<SignInStep.ResetCode>().submit("123456").at()

    private suspend fun session(vararg answers: Answer): Session =
        form(tokens(), *answers).password().at<SignInStep.SignedIn>().session

    /** No `else`: a new error breaks the build here, as it does in an app. */
    private fun nameOf(error: AuthException): String = when (error) {
        is AuthException.WrongCredentials -> "WrongCredentials"
        is AuthException.WrongCode -> "WrongCode"
        is AuthException.PasswordRefused -> "PasswordRefused"
        is AuthException.Refused -> "Refused"
        is AuthException.RecaptchaRequired -> "RecaptchaRequired"
        is AuthException.RecaptchaRefused -> "RecaptchaRefused"
        is AuthException.MethodNotAvailable -> "MethodNotAvailable"
        is AuthException.InvalidInput -> "InvalidInput"
        is AuthException.LockedOut -> "LockedOut"
        is AuthException.SignInExpired -> "SignInExpired"
        is AuthException.Network -> "Network"
        is AuthException.HostFailed -> "HostFailed"
        is AuthException.BackingOff -> "BackingOff"
        is AuthException.UnexpectedAnswer -> "UnexpectedAnswer"
        is AuthException.StoreUnavailable -> "StoreUnavailable"
        is AuthException.StoreFailed -> "StoreFailed"
        is AuthException.NotSaved -> "NotSaved"
        is AuthException.Qr -> "Qr"
        is AuthException.Channel -> "Channel"
        is AuthException.NotSignedIn -> "NotSignedIn"
        is AuthException.SessionEnded -> "SessionEnded"
        is AuthException.ReauthenticationRequired -> "ReauthenticationRequired"
        is AuthException.SessionReplaced -> "SessionReplaced"
        is AuthException.Busy -> "Busy"
        is AuthException.StaleStep -> "StaleStep"
        is AuthException.Setup -> "Setup"
    }

    /** No `else` here either. */
    private fun nameOf(step: SignInStep): String = when (step) {
        is SignInStep.Start -> "Start"
        is SignInStep.Credentials -> "Credentials"
        is SignInStep.ChooseMethod -> "ChooseMethod"
        is SignInStep.Code -> "Code"
        is SignInStep.MailedCode -> "MailedCode"
        is SignInStep.ResetCode -> "ResetCode"
        is SignInStep.NewPassword -> "NewPassword"
        is SignInStep.SignedIn -> "SignedIn"
        is SignInStep.Unsupported -> "Unsupported"
    }
}
