package b2core.auth.test

import b2core.auth.AuthException
import b2core.auth.QrExpiry
import b2core.auth.QrState
import b2core.auth.ScanSource
import kotlinx.coroutines.flow.toList
import org.junit.jupiter.api.Test
import java.time.Duration
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** Either role of QR sign-in, with the sandbox or a client as the other. */
class QrTest {
    @Test
    fun aDisplayIsApprovedByTheSandbox() = sandboxTest({ qrLocation = "Vienna" }) { sandbox ->
        for (byText in listOf(true, false)) {
            val states = statesOf(sandbox.client().qrSignIn())
            val code = states.next<QrState.Shown>().code
            assertEquals("Vienna", code.location)
            assertEquals(false, sandbox.approveQr(code, "nobody@example.com"))
            assertEquals(true, if (byText) sandbox.approveQr(code.payload, Sandbox.TOTP) else sandbox.approveQr(code, Sandbox.TOTP))
            assertEquals(false, sandbox.approveQr(code, Sandbox.TOTP), "decided")
            states.next<QrState.Approved>()
            val session = states.next<QrState.SignedIn>().session
            assertEquals(Sandbox.TOTP, sandbox.ownerOf(session.accessToken()))
        }
    }

    @Test
    fun aDisplayIsDeclinedByTheSandbox() = sandboxTest { sandbox ->
        val states = statesOf(sandbox.client().qrSignIn())
        assertEquals(true, sandbox.declineQr(states.next<QrState.Shown>().code))
        states.next<QrState.Declined>()
        assertEquals(false, sandbox.declineQr("no such code"))
    }

    @Test
    fun anApproverAndADisplay() = sandboxTest({ pollingOnly = true }) { sandbox ->
        val phone = sandbox.signIn(sandbox.client(), Sandbox.SMS)
        val states = statesOf(sandbox.client().qrSignIn())
        phone.inspectQr(states.next<QrState.Shown>().code.payload, ScanSource.CAMERA).approve()
        states.next<QrState.Approved>()
        assertEquals(Sandbox.SMS, sandbox.ownerOf(states.next<QrState.SignedIn>().session.accessToken()))
    }

    @Test
    fun aCodeExpiresWithTheClock() = sandboxTest { sandbox ->
        val phone = sandbox.signIn(sandbox.client())
        val states = statesOf(sandbox.client().qrSignIn())
        val old = states.next<QrState.Shown>().code
        sandbox.advance(Duration.ofMinutes(3))
        // Both say so, and either may be first.
        assertContains(setOf(QrExpiry.HOST, QrExpiry.LIFETIME), states.next<QrState.Expired>().reason)
        assertFailsWith<AuthException.Qr> { phone.inspectQr(old.payload, ScanSource.CAMERA).approve() }
        assertEquals(true, sandbox.approveQr(states.next<QrState.Renewed>().code))
        states.next<QrState.Approved>()
        states.next<QrState.SignedIn>()
    }

    @Test
    fun aBrokenConnectionRenewsTheCode() = sandboxTest { sandbox ->
        val states = statesOf(sandbox.client().qrSignIn())
        states.next<QrState.Shown>()
        assertEquals(1, sandbox.dropLive())
        assertEquals(QrExpiry.CONNECTION_LOST, states.next<QrState.Expired>().reason)
        assertEquals(true, sandbox.approveQr(states.next<QrState.Renewed>().code))
        states.next<QrState.Approved>()
        states.next<QrState.SignedIn>()
    }

    @Test
    fun qrSignInCanBeSwitchedOff() = sandboxTest { sandbox ->
        sandbox.setQrAvailable(false)
        assertEquals(listOf(QrState.NotAvailable), sandbox.client().qrSignIn().states.toList())
    }
}
