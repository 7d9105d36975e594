package b2core.auth.test

import b2core.auth.AttemptLimits
import b2core.auth.AuthException
import b2core.auth.SignInStep
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import java.time.Duration
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** One call moves the sandbox and the clients. */
class ClockTest {
    @Test
    fun anExpiredTokenIsRefreshed() = sandboxTest { sandbox ->
        val session = sandbox.signIn(sandbox.client())
        val old = session.accessToken()
        sandbox.advance(Duration.ofMinutes(16))
        assertNull(sandbox.ownerOf(old), "the sandbox's time")
        val new = session.accessToken()
        assertEquals(Sandbox.PLAIN, sandbox.ownerOf(new), "the client's time")
        assertNotEquals(old.value, new.value)
        assertEquals(1, sandbox.requests("/refresh"))
        sandbox.advance(Duration.ofMinutes(61))
        assertEquals(true, session.isExpired)
        assertFailsWith<AuthException.SessionEnded> { session.accessToken() }
    }

    @Test
    fun aClientThatWaitsGoesOn() = sandboxTest { sandbox ->
        val session = sandbox.signIn(sandbox.client())
        val ahead = launch { session.autoRefresh() }
        repeat(3) {
            val before = session.accessExpiresAt
            sandbox.advance(Duration.ofMinutes(15))
            while (session.accessExpiresAt == before) yield()
        }
        assertEquals(3, sandbox.requests("/refresh"))
        ahead.cancelAndJoin()
    }

    @Test
    fun aBlockEnds() = sandboxTest({ limits = SandboxLimits() }) { sandbox ->
        val client = sandbox.client { limits = AttemptLimits(0, 0, 0, 0, 60, 600) }
        repeat(5) { assertFailsWith<AuthException.WrongCredentials> { client.enter(Sandbox.PLAIN, "wrong") } }
        val locked = assertFailsWith<AuthException.LockedOut> { client.enter(Sandbox.PLAIN) }
        assertEquals(true, locked.byHost)
        sandbox.advance(Duration.ofSeconds(locked.retryAfterSeconds - 60))
        assertFailsWith<AuthException.LockedOut> { client.enter(Sandbox.PLAIN) }
        sandbox.advance(Duration.ofSeconds(61))
        client.enter(Sandbox.PLAIN).at<SignInStep.SignedIn>()
    }

    @Test
    fun limitsCanBeSetAndForgotten() = sandboxTest { sandbox ->
        val client = sandbox.client { limits = AttemptLimits(0, 0, 0, 0, 60, 600) }
        repeat(7) { client.enter(Sandbox.PLAIN).at<SignInStep.SignedIn>() }
        sandbox.setLimits(SandboxLimits(signIn = 1))
        client.enter(Sandbox.PLAIN).at<SignInStep.SignedIn>()
        assertFailsWith<AuthException.LockedOut> { client.enter(Sandbox.PLAIN) }
        sandbox.clearLimits()
        sandbox.client().enter(Sandbox.PLAIN).at<SignInStep.SignedIn>()
    }

    @Test
    fun aSignInAndItsCodeExpire() = sandboxTest { sandbox ->
        val step = sandbox.client().enter(Sandbox.SMS).at<SignInStep.Code>()
        val code = sandbox.lastCode(Sandbox.SMS)!!
        sandbox.advance(Duration.ofMinutes(11))
        assertFailsWith<AuthException.SignInExpired> { step.submit(code) }
    }

    @Test
    fun anAuthenticatorCodeExpires() = sandboxTest { sandbox ->
        val step = sandbox.client().enter(Sandbox.TOTP).at<SignInStep.Code>()
        val code = sandbox.totpCode(Sandbox.TOTP)!!
        sandbox.advance(Duration.ofSeconds(95))
        assertFailsWith<AuthException.WrongCode> { step.submit(code) }
        step.submit(sandbox.totpCode(Sandbox.TOTP)!!).at<SignInStep.SignedIn>()
    }

    @Test
    fun theClientsClockAloneIsADeviceWhoseClockIsWrong() = sandboxTest { sandbox ->
        sandbox.clock.advance(Duration.ofDays(365))
        val session = sandbox.signIn(sandbox.client())
        assertEquals(Sandbox.PLAIN, sandbox.ownerOf(session.accessToken()))
        assertEquals(0, sandbox.requests("/refresh"), "the client goes by the host's clock")
        assertTrue(Duration.between(java.time.Instant.now(), sandbox.now).abs() < Duration.ofHours(1))
    }

    @Test
    fun lifetimesCanBeSet() = sandboxTest({ accessLifetime = Duration.ofHours(2) }) { sandbox ->
        val session = sandbox.signIn(sandbox.client())
        sandbox.advance(Duration.ofMinutes(50))
        assertEquals(Sandbox.PLAIN, sandbox.ownerOf(session.accessToken()))
        assertEquals(0, sandbox.requests("/refresh"))
        sandbox.setTokenLifetimes(Duration.ofMinutes(1), Duration.ofHours(24))
        session.refresh()
        sandbox.advance(Duration.ofHours(23))
        val fresh = listOf(async { session.accessToken() }, async { session.accessToken() }).map { it.await() }
        assertEquals(listOf(Sandbox.PLAIN, Sandbox.PLAIN), fresh.map(sandbox::ownerOf))
        assertEquals(2, sandbox.requests("/refresh"))
    }
}
