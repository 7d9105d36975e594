package b2core.auth.test

import b2core.auth.AuthException
import b2core.auth.NetworkProblem
import b2core.auth.SignInStep
import org.junit.jupiter.api.Test
import java.time.Duration
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertNull

/** Codes, tokens and faults. */
class SteeringTest {
    @Test
    fun rightAndWrongCodes() = sandboxTest { sandbox ->
        for (email in listOf(Sandbox.TOTP, Sandbox.SMS)) {
            val step = sandbox.client().enter(email).at<SignInStep.Code>()
            assertFailsWith<AuthException.WrongCode> { step.submit(sandbox.wrongCode(email)) }
            step.submit(sandbox.totpCode(email) ?: sandbox.lastCode(email)!!).at<SignInStep.SignedIn>()
        }
        repeat(2) { sandbox.signIn(sandbox.client(), Sandbox.TOTP) }
        assertEquals(32, sandbox.totpSecret(Sandbox.TOTP)!!.length)
        assertNull(sandbox.totpCode(Sandbox.SMS))
        assertNull(sandbox.lastCode(Sandbox.TOTP))
    }

    @Test
    fun rejectedTokensAreReplacedByARefresh() = sandboxTest { sandbox ->
        val session = sandbox.signIn(sandbox.client())
        val other = sandbox.signIn(sandbox.client(), Sandbox.TOTP)
        val rejected = session.accessToken()
        assertEquals(200, statusOf(sandbox.protectedUrl, rejected.value))
        assertEquals(1, sandbox.rejectTokens(Sandbox.PLAIN))
        assertEquals(401, statusOf(sandbox.protectedUrl, rejected.value))
        assertNull(sandbox.ownerOf(rejected))
        session.refresh()
        val fresh = session.accessToken()
        assertNotEquals(rejected.value, fresh.value)
        assertEquals(200, statusOf(sandbox.protectedUrl, fresh.value))
        assertEquals(Sandbox.TOTP, sandbox.ownerOf(other.accessToken()), "of this user only")
        assertEquals(0, sandbox.rejectTokens("nobody@example.com"))
    }

    @Test
    fun endedSessionsAreOver() = sandboxTest { sandbox ->
        val session = sandbox.signIn(sandbox.client())
        val other = sandbox.signIn(sandbox.client(), Sandbox.TOTP)
        assertEquals(1, sandbox.endSessions(Sandbox.PLAIN))
        assertEquals(0, sandbox.endSessions(Sandbox.PLAIN))
        assertEquals(1, sandbox.unrevokedSessions)
        assertFailsWith<AuthException.SessionEnded> { session.refresh() }
        assertEquals(Sandbox.TOTP, sandbox.ownerOf(other.accessToken()), "of this user only")
    }

    @Test
    fun faultsActAndAreCounted() = sandboxTest({ fault("sign_in:drop=before,times=1") }) { sandbox ->
        val lost = assertFailsWith<AuthException.Network> { sandbox.client().enter(Sandbox.PLAIN) }
        assertEquals(NetworkProblem.INTERRUPTED, lost.problem)
        val session = sandbox.signIn(sandbox.client())
        sandbox.fault("front/refresh:status=503,retry_after=7")
        val failed = assertFailsWith<AuthException.HostFailed> { session.refresh() }
        assertEquals(503 to 7L, failed.status to failed.retryAfterSeconds)
        val request = sandbox.requests.last { it.path.endsWith("/refresh") }
        assertEquals(listOf("POST", 503, failed.correlationId), request.run { listOf(method, status, correlationId) })
        assertContains(request.fault!!, "refresh:status=503")
        assertEquals(listOf(1L, 1L), sandbox.faults.map { it.acted })
        sandbox.clearFaults()
        assertEquals(emptyList(), sandbox.faults)
        assertFailsWith<AuthException.BackingOff> { session.refresh() }
        sandbox.advance(Duration.ofSeconds(10))
        session.refresh()
        val unknown = assertFailsWith<SandboxException.Fault> { sandbox.fault("login:drop=after") }
        assertContains(unknown.message!!, "there are any, wizard, sign_in")
    }

    @Test
    fun aRecaptchaCanBeRequired() = sandboxTest { sandbox ->
        sandbox.setRecaptcha(true)
        assertFailsWith<AuthException.RecaptchaRequired> { sandbox.client().enter(Sandbox.PLAIN) }
        sandbox.signIn(sandbox.client())
    }

    @Test
    fun signInsCanBeForgotten() = sandboxTest { sandbox ->
        val step = sandbox.client().enter(Sandbox.SMS).at<SignInStep.Code>()
        assertEquals(1, sandbox.forgetSignIns())
        assertFailsWith<AuthException.SignInExpired> { step.submit(sandbox.lastCode(Sandbox.SMS)!!) }
    }

    @Test
    fun dialectsCanBeSet() = sandboxTest({ dialect = "laravel" }) { sandbox ->
        sandbox.signIn(sandbox.client(), Sandbox.BOTH)
        sandbox.setDialect("reference,unknown_workflow=passkey")
        val step = sandbox.client().enter(Sandbox.PLAIN).at<SignInStep.Unsupported>()
        assertEquals("passkey", step.workflow)
    }
}
