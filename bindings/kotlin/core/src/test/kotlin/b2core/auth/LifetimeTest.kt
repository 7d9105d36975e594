package b2core.auth

import b2core.auth.support.MapStore
import b2core.auth.support.PASSWORD
import b2core.auth.support.Script
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.form
import b2core.auth.support.test
import b2core.auth.support.tokens
import b2core.auth.support.wizard
import b2core.auth.support.workflow
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull

/** Closing frees memory, and signs nobody out. */
class LifetimeTest {
    @Test
    fun whatWasGivenOutOutlivesItsGiver() = test {
        val client = client("https://b2core.example") { transport = Script(wizard(), tokens()) }
        val signIn = client.signIn(Office.FRONT)
        val form = signIn.form()
        client.close()
        signIn.close()
        val session = form.submit("ann@example.org", PASSWORD).at<SignInStep.SignedIn>().session
        assertEquals("access-1", session.accessToken().value)
        session.close()
        assertFailsWith<IllegalStateException> { client.signIn(Office.FRONT) }
        assertFailsWith<IllegalStateException> { signIn.current }
        assertFailsWith<IllegalStateException> { session.accessToken() }
    }

    @Test
    fun closingASessionClosesNoOther() = test {
        val client = client("https://b2core.example", MapStore()) { transport = Script(wizard(), tokens()) }
        client.signIn(Office.FRONT).form().submit("ann@example.org", PASSWORD)
        repeat(100) {
            val asked = List(20) { async { assertNotNull(client.session(Office.FRONT)) } }
            for (session in asked.awaitAll()) {
                assertEquals("access-1", session.accessToken().value)
                session.close()
                session.close()
                assertFailsWith<IllegalStateException> { session.cachedAccessToken() }
            }
        }
    }

    @Test
    fun aClosedSignInIsKeptAndOneThatWasGivenUpIsNot() = test {
        val store = MapStore()
        val script = Script(wizard(), workflow("2fa_sms_auth"))
        val client = client("https://b2core.example", store) { transport = script }
        client.signIn(Office.FRONT).use { it.form().submit("ann@example.org", PASSWORD).at<SignInStep.Code>() }
        val resumed = assertNotNull(client.resumeSignIn(Office.FRONT))
        resumed.current.at<SignInStep.Code>()
        resumed.abandon()
        assertEquals(null, client.resumeSignIn(Office.FRONT))
    }

    @Test
    fun aSignInIsKeptByNameToo() = test {
        val client = client("https://b2core.example", MapStore()) { transport = Script(wizard()) }
        client.signIn(Office.FRONT).use { signIn ->
            signIn.setAccount("ann@example.org")
            signIn.form()
            signIn.save()
        }
        val form = assertNotNull(client.resumeSignIn(Office.FRONT)).current.at<SignInStep.Credentials>()
        assertEquals("ann@example.org", form.account)
    }
}
