package b2core.auth

import b2core.auth.support.MapStore
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.enter
import b2core.auth.support.sandboxTest
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
    fun theFlavourHasJustWhatItSays() {
        val memory = runCatching { AuthClient("https://broker.example", Store.Memory) }
        when (System.getProperty("flavour", "bundled")) {
            "bundled" -> assertNotNull(memory.getOrNull())
            else -> assertIs<AuthException.Setup>(memory.exceptionOrNull())
        }
    }
}
