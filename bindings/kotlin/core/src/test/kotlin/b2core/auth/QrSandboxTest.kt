package b2core.auth

import b2core.auth.support.client
import b2core.auth.support.ends
import b2core.auth.support.next
import b2core.auth.support.sandboxTest
import b2core.auth.support.signedIn
import b2core.auth.support.statesOf
import kotlinx.coroutines.flow.toList
import org.junit.jupiter.api.Test
import java.util.Locale
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** Both roles of QR sign-in against the sandbox, with the live channel that is built in. */
class QrSandboxTest {
    private val both = mapOf("inspect" to "true", "decline" to "true")

    @Test
    fun aDisplayIsSignedInByAnApprover() = sandboxTest("--qr-location", "Vienna") { sandbox ->
        val phone = client(sandbox.host) { qrOptions = both }.signedIn()
        val display = client(sandbox.host)
        val states = statesOf(display.qrSignIn())
        val code = states.next<QrState.Shown>().code
        assertEquals(listOf("127.0.0.1", "Vienna"), listOf(code.ip, code.location))
        val request = phone.inspectQr(code.payload, ScanSource.CAMERA)
        assertEquals(listOf("127.0.0.1", "Vienna"), request.details.run { listOf(ip, location) })
        assertEquals(emptyList(), request.details.risks)
        assertContains(request.details.question(Locale.ENGLISH), "A screen in Vienna will be signed in as plain@example.com")
        request.approve()
        states.next<QrState.Approved>()
        val session = states.next<QrState.SignedIn>().session
        states.ends()
        val token = session.accessToken()
        assertEquals("plain@example.com", sandbox.ownerOf(token.value))
        assertTrue(token.value != phone.accessToken().value, "a session of its own")
        session.refresh()
        val used = assertFailsWith<AuthException.Qr> { phone.inspectQr(code.payload, ScanSource.CAMERA).approve() }
        assertEquals(QrProblem.ALREADY_USED, used.problem)
        assertEquals(RevocationStatus.REVOKED, display.signOut(Office.FRONT).revocation)
        assertEquals("plain@example.com", sandbox.ownerOf(phone.accessToken().value))
    }

    @Test
    fun aDeclineReachesTheDisplay() = sandboxTest { sandbox ->
        val phone = client(sandbox.host) { qrOptions = both }.signedIn()
        val states = statesOf(client(sandbox.host).qrSignIn())
        val code = states.next<QrState.Shown>().code
        assertEquals(true, phone.inspectQr(code.payload, ScanSource.CAMERA).decline())
        states.next<QrState.Declined>()
        states.ends()
    }

    @Test
    fun aBrokenConnectionRenewsTheCode() = sandboxTest { sandbox ->
        val phone = client(sandbox.host).signedIn()
        val states = statesOf(client(sandbox.host).qrSignIn())
        val old = states.next<QrState.Shown>().code
        sandbox.steer("live", """{"drop":true}""")
        assertEquals(QrExpiry.CONNECTION_LOST, states.next<QrState.Expired>().reason)
        val code = states.next<QrState.Renewed>().code
        assertTrue(code.payload != old.payload)
        phone.inspectQr(code.payload, ScanSource.CAMERA).approve()
        states.next<QrState.Approved>()
        assertEquals("plain@example.com", sandbox.ownerOf(states.next<QrState.SignedIn>().session.accessToken().value))
        states.ends()
    }

    @Test
    fun aSandboxWithoutQrSignInIsNotAvailable() = sandboxTest("--no-qr") { sandbox ->
        assertEquals(listOf(QrState.NotAvailable), client(sandbox.host).qrSignIn().states.toList())
    }
}
