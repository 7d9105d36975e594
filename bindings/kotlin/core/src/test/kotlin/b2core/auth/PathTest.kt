package b2core.auth

import b2core.auth.support.PASSWORD
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.enter
import b2core.auth.support.form
import b2core.auth.support.sandboxTest
import org.junit.jupiter.api.Test
import java.time.Instant
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Every way to be signed in, against a real host in another process. */
class PathTest {
    @Test
    fun pathPlain() = sandboxTest { sandbox ->
        client(sandbox.host).use { client ->
            assertNull(client.session(Office.FRONT))
            val start = client.signIn(Office.FRONT).current.at<SignInStep.Start>()
            val form = start.open().at<SignInStep.Credentials>()
            assertEquals(false, form.info.recaptchaRequired)
            val session = form.submit("plain@example.com", PASSWORD).at<SignInStep.SignedIn>().session
            assertEquals("plain@example.com", session.account)
            assertEquals(Office.FRONT, session.office)
            assertFalse(session.isExpired)
            assertTrue(session.accessExpiresAt!! > Instant.now())
            assertTrue(session.refreshExpiresAt!! > session.accessExpiresAt!!)

            val token = session.accessToken().value
            assertEquals("plain@example.com", sandbox.ownerOf(token))
            assertEquals(token, client.session(Office.FRONT)!!.accessToken().value)
            session.refresh()
            assertNotEquals(token, session.accessToken().value)

            val signedOut = session.signOut()
            assertEquals("plain@example.com", signedOut.account)
            assertEquals(RevocationStatus.REVOKED, signedOut.revocation)
            assertNull(client.session(Office.FRONT))
        }
    }

    @Test
    fun pathTotp() = sandboxTest { sandbox ->
        val code = client(sandbox.host).enter("totp@example.com").at<SignInStep.Code>()
        assertEquals(TwoFactorMethod.GOOGLE, code.method)
        assertEquals("totp@example.com", code.account)
        code.submit(sandbox.authenticatorCode("totp@example.com")).at<SignInStep.SignedIn>()
    }

    @Test
    fun pathSms() = sandboxTest { sandbox ->
        val code = client(sandbox.host).enter("sms@example.com").at<SignInStep.Code>()
        assertEquals(listOf(TwoFactorMethod.SMS), code.methods)
        code.submit(sandbox.code("sms@example.com")).at<SignInStep.SignedIn>()
    }

    @Test
    fun pathBothChoosesAndChanges() = sandboxTest { sandbox ->
        val choice = client(sandbox.host).enter("both@example.com").at<SignInStep.ChooseMethod>()
        assertEquals(setOf(TwoFactorMethod.GOOGLE, TwoFactorMethod.SMS), choice.options.map { it.method }.toSet())
        assertTrue(choice.options.none { it.caption.isNullOrEmpty() })
        val app = choice.choose(TwoFactorMethod.GOOGLE).at<SignInStep.Code>()
        assertEquals(listOf(TwoFactorMethod.GOOGLE, TwoFactorMethod.SMS), app.methods)
        assertEquals(app.methods.toSet(), app.options.map { it.method }.toSet())
        assertTrue(app.options.none { it.caption.isNullOrEmpty() })
        val sms = app.choose(TwoFactorMethod.SMS).at<SignInStep.Code>()
        assertEquals(TwoFactorMethod.SMS, sms.method)
        assertEquals(0, sms.anotherCodeAfterSeconds())
        sandbox.fault("choose_method:status=429,retry_after=90,times=1")
        val blocked = assertFailsWith<AuthException.LockedOut> { sms.choose(TwoFactorMethod.SMS) }
        assertTrue(sms.anotherCodeAfterSeconds() in 1..blocked.retryAfterSeconds)
    }

    @Test
    fun pathSmsCode() = sandboxTest { sandbox ->
        val choice = client(sandbox.host).enter("both@example.com").at<SignInStep.ChooseMethod>()
        val sms = choice.choose(TwoFactorMethod.SMS).at<SignInStep.Code>()
        sms.submit(sandbox.code("both@example.com")).at<SignInStep.SignedIn>()
    }

    @Test
    fun pathForcedReset() = sandboxTest { sandbox ->
        val signIn = client(sandbox.host).signIn(Office.FRONT)
        val mailed = signIn.form().submit("reset@example.com", PASSWORD).at<SignInStep.ResetCode>()
        val password = mailed.submit(sandbox.code("reset@example.com")).at<SignInStep.NewPassword>()
        assertFailsWith<AuthException.PasswordRefused> { password.submit("short") }
        val again = password.submit("Longer456").at<SignInStep.Credentials>()
        assertTrue(again.passwordChanged)
        assertEquals("reset@example.com", again.account)
        again.submit("reset@example.com", "Longer456").at<SignInStep.SignedIn>()
    }

    @Test
    fun pathBackOffice() = sandboxTest { sandbox ->
        val session = client(sandbox.host).enter("root@example.com", Office.BACK).at<SignInStep.SignedIn>().session
        assertEquals(Office.BACK, session.office)
        assertEquals("root@example.com", sandbox.ownerOf(session.accessToken().value))
    }

    @Test
    fun pathBackOfficeMailedCode() = sandboxTest { sandbox ->
        val mailed = client(sandbox.host).enter("admin@example.com", Office.BACK).at<SignInStep.MailedCode>()
        assertEquals("email", mailed.provider)
        assertTrue(mailed.expiresAt > Instant.now())
        mailed.submit(sandbox.code("admin@example.com")).at<SignInStep.SignedIn>()
    }

    @Test
    fun wrongCodeThenRightCodeOnTheSameStep() = sandboxTest { sandbox ->
        val step = client(sandbox.host).enter("sms@example.com").at<SignInStep.Code>()
        val wrong = assertFailsWith<AuthException.WrongCode> { step.submit(sandbox.wrongCode("sms@example.com")) }
        assertEquals(Recovery.AskUser, wrong.recovery)
        assertTrue(wrong.serverMessage.lines.isNotEmpty() && wrong.correlationId != null)
        step.submit(sandbox.code("sms@example.com")).at<SignInStep.SignedIn>()
    }

    @Test
    fun lockOutTellsItsWait() = sandboxTest("--limits", "sign_in=2,block=90") { sandbox ->
        val form = client(sandbox.host).signIn(Office.FRONT).form()
        repeat(2) { assertFailsWith<AuthException.WrongCredentials> { form.submit("plain@example.com", "wrong") } }
        val locked = assertFailsWith<AuthException.LockedOut> { form.submit("plain@example.com", PASSWORD) }
        assertTrue(locked.byHost)
        assertTrue(locked.retryAfterSeconds in 1L..90L)
        assertEquals(Recovery.Wait(locked.retryAfterSeconds), locked.recovery)
        // As long as it lasts, the host is not asked again.
        val asked = sandbox.requests("/signin")
        assertFailsWith<AuthException.LockedOut> { form.submit("plain@example.com", PASSWORD) }
        assertEquals(asked, sandbox.requests("/signin"))
    }

    @Test
    fun unknownWorkflowIsAPlace() = sandboxTest("--dialect", "unknown_workflow=2fa_email_auth") { sandbox ->
        val place = client(sandbox.host).enter("plain@example.com").at<SignInStep.Unsupported>()
        assertEquals("2fa_email_auth", place.workflow)
    }

    @Test
    fun recaptchaIsDemanded() = sandboxTest("--recaptcha") { sandbox ->
        val form = client(sandbox.host).signIn(Office.FRONT).form()
        assertTrue(form.info.recaptchaRequired)
        assertFailsWith<AuthException.RecaptchaRequired> { form.submit("plain@example.com", PASSWORD) }
        assertEquals(0, sandbox.requests("/signin"))
        val refused = assertFailsWith<AuthException.RecaptchaRefused> {
            form.submit("plain@example.com", PASSWORD, recaptcha = "bad")
        }
        assertIs<Recovery.AskUser>(refused.recovery)
        form.submit("plain@example.com", PASSWORD, recaptcha = "solved").at<SignInStep.SignedIn>()
    }
}
