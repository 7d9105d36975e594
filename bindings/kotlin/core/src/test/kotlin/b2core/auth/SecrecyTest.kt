package b2core.auth

import b2core.auth.support.Answer
import b2core.auth.support.MapStore
import b2core.auth.support.Script
import b2core.auth.support.answer
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.form
import b2core.auth.support.ok
import b2core.auth.support.oneOfEach
import b2core.auth.support.refusal
import b2core.auth.support.test
import b2core.auth.support.workflow
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

/** Whatever is secret or personal goes in with this in it; whatever is printed is searched for it. */
private const val CANARY = "canary7"
private const val EMAIL = "$CANARY@example.org"
private const val CODE = "31415926"

/** A field of an error that is not in its message. */
private const val FIELD = "id-of-the-request"

class SecrecyTest {
    private val printed = mutableListOf<String>()

    @Test
    fun nothingPrintsASecret(@TempDir folder: Path) = test {
        values(folder)
        errors()
        for (text in printed) {
            for (secret in listOf(CANARY, CODE, FIELD)) assertTrue(secret !in text, text)
            // Nor as the numbers of its bytes.
            assertTrue(CANARY.toByteArray().joinToString() !in text, text)
        }
        assertTrue(printed.size > 60, "only ${printed.size} texts were looked at")
        assertContains(printed, "AccessToken(..)")
        assertContains(printed, "wrong e-mail or password")
    }

    private suspend fun values(folder: Path) {
        val store = Store.File(folder.resolve(CANARY).toString(), passphrase = CANARY)
        val script = Script(
            ok("""{"data":{},"uuid":"$CANARY-uuid","workflow":"login"}"""),
            ok("""{"data":{"tfaProviders":[${providers()}]},"uuid":"$CANARY-uuid","workflow":"2fa"}"""),
            workflow("2fa_sms_auth"),
            signedIn(),
            ok("{}"),
        )
        val client = client("https://b2core.example", store) {
            transport = script
            profile = CANARY
            deviceFacts = mapOf("serial" to CANARY)
            show(this)
        }
        show(store, script, client, JavaHttpTransport(), MapStore())
        client.signIn(Office.FRONT).use { signIn ->
            signIn.setAccount(EMAIL)
            show(signIn, signIn.current)
            val form = signIn.form()
            show(form, form.info)
            val choice = form.submit(EMAIL, "$CANARY-password", "$CANARY-recaptcha").at<SignInStep.ChooseMethod>()
            assertContains(assertNotNull(choice.options.first().caption), CANARY)
            show(choice, choice.options)
            val code = choice.choose(TwoFactorMethod.SMS).at<SignInStep.Code>()
            show(code, code.options)
            val signedIn = code.submit(CODE).at<SignInStep.SignedIn>()
            val session = signedIn.session
            assertEquals("$CANARY-client", session.clientId)
            val token = session.accessToken()
            assertEquals("$CANARY-access", token.value)
            val signedOut = session.signOut()
            assertEquals(EMAIL, signedOut.account)
            show(signedIn, session, token, signedOut)
            val states = listOf(AuthState.SignedIn(EMAIL), AuthState.ReauthenticationRequired(EMAIL), AuthState.SignedOut)
            states.forEach { show(it, StateChange(it, StateReason.STORED)) }
            show(AccountKey(CANARY, "https://b2core.example", Office.FRONT), client.accounts())
        }
        assertTrue(script.requests.mapNotNull { it.body?.decodeToString() }.any { CANARY in it })
        script.requests.forEach { show(it, it.headers) }
        show(HttpResponse(200, listOf(HttpHeader("Authorization", CANARY)), CANARY.toByteArray()))
        places().forEach { show(it) }
    }

    private suspend fun places(): List<SignInStep> {
        val mailed = ok("""{"2faRequired":true,"2faDetails":{"token":"$CANARY","provider":"$CANARY"}}""")
        val back = client("https://b2core.example") { transport = Script(mailed) }.signIn(Office.BACK).form()
        val reset = form(workflow("reset_password_email"), workflow("reset_password"), refusal(422, CANARY))
            .submit(EMAIL, "$CANARY-password").at<SignInStep.ResetCode>()
        val password = reset.submit(CODE).at<SignInStep.NewPassword>()
        show(assertFailsWith<AuthException.PasswordRefused> { password.submit("$CANARY-password") })
        val unknown = form(workflow(CANARY)).submit(EMAIL, "$CANARY-password").at<SignInStep.Unsupported>()
        return listOf(back.submit(EMAIL, "$CANARY-password").at<SignInStep.MailedCode>(), reset, password, unknown)
    }

    private suspend fun errors() {
        val error = assertFailsWith<AuthException.WrongCredentials> {
            form(refusal(401, "no $CANARY here")).submit(EMAIL, "$CANARY-password")
        }
        assertContains(error.serverMessage.lines.toString(), CANARY)
        show(error, error.serverMessage, RuntimeException(error), error.recovery)
        for (host in listOf("https://$CANARY:$CANARY@b2core.example", "ftp://$CANARY", "https://x/?$CANARY")) {
            show(assertFailsWith<AuthException.Setup> { AuthClient(host, Store.Memory) })
        }
        show(assertFailsWith<AuthException.Setup> {
            client("https://b2core.example") { profile = "$CANARY/../ \n" }
        })
        show(assertFailsWith<AuthException.StoreFailed> {
            client("https://b2core.example", Store.File("/dev/null/store")).session(Office.FRONT)
        }.also { assertTrue("/dev/null/store" in it.problem, "where the store is helps its developer") })
        for (thrown in listOf(IllegalStateException(CANARY), NotImplementedError(CANARY))) {
            val broken = MapStore().apply { fault = { throw thrown } }
            show(assertFailsWith<AuthException.StoreFailed> {
                client("https://b2core.example", broken).session(Office.FRONT)
            })
            show(assertFailsWith<AuthException.Network> { form({ throw thrown }).submit(EMAIL, "$CANARY-password") })
        }
        show(assertFailsWith<AuthException.UnexpectedAnswer> {
            form(ok("<html>$CANARY")).submit(EMAIL, "$CANARY-password")
        })
        show(assertFailsWith<AuthException.UnexpectedAnswer> {
            form(answer(302, "", "Location" to "https://elsewhere.example/$CANARY")).submit(EMAIL, "$CANARY-password")
        })
        for (each in oneOfEach(ServerMessage(listOf(CANARY)), FIELD)) {
            val error = each.wrapped()
            show(error, RuntimeException(error))
        }
    }

    private suspend fun form(vararg answers: Answer): SignInStep.Credentials =
        client("https://b2core.example") { transport = Script(workflow("login"), *answers) }
            .signIn(Office.FRONT).form()

    private fun signedIn(): Answer {
        val (access, refresh) = listOf("access", "refresh").map { """{"token":"$CANARY-$it"}""" }
        return ok("""{"accessToken":$access,"refreshToken":$refresh,"clientId":"$CANARY-client"}""")
    }

    private fun providers(): String =
        listOf("sms", "google").joinToString { """{"name":"$it","enabled":true,"localizedCaption":"to $CANARY"}""" }

    private fun show(vararg values: Any) {
        for (value in values) {
            printed += "$value"
            if (value is Throwable) {
                // What the app itself threw is in a stack trace, as the cause, and nowhere else.
                val trace = value.stackTraceToString()
                val ours = if (value is AuthException) trace.substringBefore("Caused by: ") else trace
                printed += listOf("${value.message}", "${value.localizedMessage}", ours)
            }
        }
    }
}
