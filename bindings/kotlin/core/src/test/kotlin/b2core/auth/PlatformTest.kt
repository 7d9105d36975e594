package b2core.auth

import b2core.auth.support.Display
import b2core.auth.support.MapStore
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.ends
import b2core.auth.support.enter
import b2core.auth.support.exchanged
import b2core.auth.support.next
import b2core.auth.support.qrCode
import b2core.auth.support.sandboxTest
import b2core.auth.support.test
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull

/** Store and transport from the app: all that the library without an HTTP stack and a file store has. */
class PlatformTest {
    @Test
    fun signsInWithTheAppsStoreAndTransport() = sandboxTest { sandbox ->
        val store = MapStore()
        val app = { client(sandbox.host, store) { transport = JavaHttpTransport() } }
        val code = app().enter("totp@example.com").at<SignInStep.Code>()
        assertFailsWith<AuthException.WrongCode> { code.submit("000000") }
        val resumed = assertNotNull(app().resumeSignIn(Office.FRONT)).current.at<SignInStep.Code>()
        val signedIn = resumed.submit(sandbox.authenticatorCode("totp@example.com")).at<SignInStep.SignedIn>()
        signedIn.session.refresh()
        val token = assertNotNull(app().session(Office.FRONT)).accessToken()
        assertEquals("totp@example.com", sandbox.ownerOf(token.value))
        assertEquals(RevocationStatus.REVOKED, app().signOut(Office.FRONT).revocation)
    }

    @Test
    fun aDisplayIsSignedInWithTheAppsChannel() = test {
        val display = Display(qrCode("channel-1"), exchanged(), store = MapStore())
        val (states, _, watch) = display.shown(this)
        watch.approve()
        states.next<QrState.Approved>()
        assertEquals("access-1", states.next<QrState.SignedIn>().session.accessToken().value)
        states.ends()
    }

    @Test
    fun theFlavourHasJustWhatItSays() {
        val memory = runCatching { AuthClient("https://broker.example", Store.Memory) }
        when (System.getProperty("flavour", "bundled")) {
            "bundled" -> assertNotNull(memory.getOrNull())
            else -> assertIs<AuthException.Setup>(memory.exceptionOrNull())
        }
    }

    @Test
    fun onlyTheBundledFlavourHasALiveChannel() = sandboxTest { sandbox ->
        val client = client(sandbox.host, MapStore()) { transport = JavaHttpTransport() }
        val first = runCatching { client.qrSignIn().states.first() }
        when (System.getProperty("flavour", "bundled")) {
            "bundled" -> assertIs<QrState.Shown>(first.getOrThrow())
            else -> assertEquals(ChannelProblem.FAILED, assertIs<AuthException.Channel>(first.exceptionOrNull()).problem)
        }
    }
}
