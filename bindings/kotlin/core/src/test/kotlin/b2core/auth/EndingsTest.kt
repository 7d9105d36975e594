package b2core.auth

import b2core.auth.support.Gate
import b2core.auth.support.MapStore
import b2core.auth.support.PASSWORD
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.form
import b2core.auth.support.sandboxTest
import b2core.auth.support.signedIn
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/** What was ended stays ended, whatever is still under way; what was only cancelled goes on. */
class EndingsTest {
    @Test
    fun cancellingAtEveryStepLeavesItUsable() = sandboxTest { sandbox ->
        val gate = Gate(JavaHttpTransport())
        val client = client(sandbox.host) { transport = gate }
        val front = client.signIn(Office.FRONT)
        cancelled(gate) { front.current.at<SignInStep.Start>().open() }
        val form = front.form()
        cancelled(gate) { form.submit("both@example.com", PASSWORD) }
        val choice = form.submit("both@example.com", PASSWORD).at<SignInStep.ChooseMethod>()
        cancelled(gate) { choice.choose(TwoFactorMethod.SMS) }
        val code = choice.choose(TwoFactorMethod.SMS).at<SignInStep.Code>()
        cancelled(gate) { code.choose(TwoFactorMethod.GOOGLE) }
        cancelled(gate) { code.submit(sandbox.code("both@example.com")) }
        code.submit(sandbox.code("both@example.com")).at<SignInStep.SignedIn>()

        val reset = client.signIn(Office.FRONT).form().submit("reset@example.com", PASSWORD).at<SignInStep.ResetCode>()
        cancelled(gate) { reset.submit(sandbox.code("reset@example.com")) }
        val password = reset.submit(sandbox.code("reset@example.com")).at<SignInStep.NewPassword>()
        cancelled(gate) { password.submit("Longer456") }
        password.submit("Longer456").at<SignInStep.Credentials>()

        val back = client.signIn(Office.BACK)
        val mailed = back.form().submit("admin@example.com", PASSWORD).at<SignInStep.MailedCode>()
        cancelled(gate) { mailed.submit(sandbox.code("admin@example.com")) }
        mailed.submit(sandbox.code("admin@example.com")).at<SignInStep.SignedIn>()
    }

    @Test
    fun anAbandonedSignInStaysAbandoned() = ended { _, signIn -> signIn.abandon() }

    @Test
    fun aSignOutAbandonsTheSignInsThatWereBegun() = ended { client, _ -> client.signOut(Office.FRONT) }

    /** The code is under way when the sign-in is ended; the old step is tried afterwards, too. */
    private fun ended(end: suspend (AuthClient, SignIn) -> Unit) = sandboxTest { sandbox ->
        val gate = Gate(JavaHttpTransport())
        val store = MapStore()
        val client = client(sandbox.host, store) { transport = gate }
        val signIn = client.signIn(Office.FRONT)
        val code = signIn.form().submit("sms@example.com", PASSWORD).at<SignInStep.Code>()
        val hold = gate.close()
        val submitting = async { runCatching { code.submit(sandbox.code("sms@example.com")) } }
        hold.arrived.await()
        gate.open()
        end(client, signIn)
        hold.release()
        assertTrue(submitting.await().isFailure)
        assertIs<AuthException>(runCatching { code.submit(sandbox.code("sms@example.com")) }.exceptionOrNull())
        assertNull(client.session(Office.FRONT))
        assertNull(client(sandbox.host, store).session(Office.FRONT))
    }

    @Test
    fun autoRefreshEndsAtASignOut() = sandboxTest { sandbox ->
        val client = client(sandbox.host)
        val session = client.signedIn()
        val reason = async { session.autoRefresh() }
        client.signOut(Office.FRONT)
        assertIs<AuthException>(reason.await())
    }

    @Test
    fun aSecondSignOutHasNothingLeftToDo() = sandboxTest { sandbox ->
        val client = client(sandbox.host)
        val session = client.signedIn()
        assertEquals(RevocationStatus.REVOKED, session.signOut().revocation)
        for (again in listOf(session.signOut(), client.signOut(Office.FRONT), client.signOut(Office.BACK))) {
            assertEquals(RevocationStatus.NOTHING_TO_REVOKE, again.revocation)
            assertNull(again.account)
        }
        assertEquals(1, sandbox.requests("/signout"))
    }

    @Test
    fun aSignOutWhileTheStoreIsLockedChangesNothing() = sandboxTest { sandbox ->
        val store = MapStore()
        val client = client(sandbox.host, store)
        val session = client.signedIn()
        val token = session.accessToken().value
        store.locked = true
        assertFailsWith<AuthException.StoreUnavailable> { session.signOut() }
        assertFailsWith<AuthException.StoreUnavailable> { client.signOut(Office.FRONT) }
        // In memory the session goes on, and the host was not asked.
        assertEquals(token, session.accessToken().value)
        assertEquals("plain@example.com", sandbox.ownerOf(token))
        store.locked = false
        assertTrue(store.records.keys.any { it.startsWith("session/") })
        assertEquals(RevocationStatus.REVOKED, session.signOut().revocation)
        assertTrue(store.records.keys.none { it.startsWith("session/") })
        assertNull(sandbox.ownerOf(token))
    }

    @Test
    fun anotherClientSeesASignOutBeforeItHandsATokenOutAgain() = sandboxTest { sandbox ->
        val store = MapStore()
        client(sandbox.host, store).signedIn()
        val (one, other) = List(2) { client(sandbox.host, store) }
        val session = assertNotNull(other.session(Office.FRONT))
        val rejected = session.accessToken()
        one.signOut(Office.FRONT)
        assertFailsWith<AuthException> { session.replaceRejectedToken(rejected) }
        assertNull(session.cachedAccessToken())
    }

    @Test
    fun foreignBytesInAStoreLockNobodyOut() = sandboxTest { sandbox ->
        val before = MapStore()
        client(sandbox.host, before).signedIn()
        for ((name, bytes) in before.records) {
            for (broken in listOf(ByteArray(0), byteArrayOf(1), ByteArray(64) { -1 }, bytes.copyOf(bytes.size / 2))) {
                val store = MapStore()
                store.records.putAll(before.records)
                store.records[name] = broken
                val session = client(sandbox.host, store).signedIn()
                assertEquals("plain@example.com", sandbox.ownerOf(session.accessToken().value))
            }
        }
    }

    @Test
    fun aTimeoutOfZeroIsRefused() {
        for (none in listOf(Duration.ZERO, (-1).minutes)) {
            assertFailsWith<AuthException.Setup> { client("https://b2core.example") { timeout = none } }
        }
        client("https://b2core.example") { timeout = 1.milliseconds }.close()
    }

    private suspend fun CoroutineScope.cancelled(gate: Gate, call: suspend () -> Any) {
        val hold = gate.close()
        val calling = launch { call() }
        hold.arrived.await()
        calling.cancelAndJoin()
        hold.cancelled.await()
        gate.open()
    }
}
