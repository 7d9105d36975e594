package b2core.auth

import b2core.auth.support.Gate
import b2core.auth.support.MapStore
import b2core.auth.support.Sandbox
import b2core.auth.support.client
import b2core.auth.support.sandboxTest
import b2core.auth.support.signedIn
import b2core.auth.support.until
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Sessions against hosts that work and hosts that fail. The sandbox's access tokens are valid for 15 minutes. */
class SessionTest {
    @Test
    fun aRefreshThatFailsKeepsTheSession() = sandboxTest { sandbox ->
        val client = client(sandbox.host) { limits = AttemptLimits(refresh = 0) }
        val session = client.signedIn()
        val token = session.accessToken().value
        for (fault in listOf("status=503", "html=200", "html=401", "drop=before", "garbage", "redirect=302,to=/")) {
            sandbox.fault("refresh:$fault")
            val failed = assertFailsWith<AuthException>(fault) { session.refresh() }
            assertTrue(failed.recovery != Recovery.SignInAgain, fault)
            assertEquals(token, session.accessToken().value, fault)
            val state = client.authStateChanges(Office.FRONT).first().state
            assertEquals(AuthState.SignedIn("plain@example.com"), state, fault)
            sandbox.clearFaults()
        }
        session.refresh()
        assertNotEquals(token, session.accessToken().value)
    }

    @Test
    fun theHosts401EndsTheSession() = sandboxTest { sandbox ->
        val store = MapStore()
        val client = client(sandbox.host, store)
        val session = client.signedIn()
        sandbox.fault("""refresh:status=401,body={"error":{"code":0%2C"message":"No"}}""")
        assertFailsWith<AuthException.SessionEnded> { session.refresh() }
        assertFailsWith<AuthException.SessionEnded> { session.accessToken() }
        assertNull(session.cachedAccessToken())
        assertNull(client.session(Office.FRONT))
        assertTrue(store.records.keys.none { it.startsWith("session/") })
    }

    @Test
    fun aRefusalKeepsTheRecord() = sandboxTest { sandbox ->
        val store = MapStore()
        val session = client(sandbox.host, store).signedIn()
        val token = session.accessToken().value
        sandbox.fault("""refresh:status=400,times=1,body={"error":{"message":"Not today"}}""")
        val refused = assertFailsWith<AuthException.ReauthenticationRequired> { session.refresh() }
        assertEquals(listOf("Not today"), refused.serverMessage.lines)
        assertEquals(token, session.accessToken().value)
        val later = assertNotNull(client(sandbox.host, store).session(Office.FRONT))
        assertEquals(token, later.accessToken().value)
        // An explicit refresh is sent all the same.
        later.refresh()
        assertNotEquals(token, later.accessToken().value)
    }

    @Test
    fun retryAfterOfTheHostIsRespected() = sandboxTest { sandbox ->
        val session = client(sandbox.host).signedIn()
        sandbox.fault("refresh:status=503,retry_after=100")
        val failed = assertFailsWith<AuthException.HostFailed> { session.refresh() }
        assertEquals(100L, failed.retryAfterSeconds)
        assertFailsWith<AuthException.BackingOff> { session.refresh() }
        assertEquals(1, sandbox.requests("/refresh"))
    }

    @Test
    fun aRefreshOutlivesItsCaller() = sandboxTest { sandbox ->
        val store = MapStore()
        val gate = Gate(JavaHttpTransport())
        val client = client(sandbox.host, store) { transport = gate }
        val session = client.signedIn()
        val token = session.accessToken().value
        val hold = gate.close()
        val caller = async { session.refresh() }
        hold.arrived.await()
        caller.cancel()
        assertFailsWith<CancellationException> { caller.await() }
        gate.open()
        hold.release()
        client.waitForRefresh()
        assertNotEquals(token, session.accessToken().value)
        assertEquals(1, sandbox.requests("/refresh"))
        val restarted = assertNotNull(client(sandbox.host, store).session(Office.FRONT))
        assertEquals(session.accessToken().value, restarted.accessToken().value)
    }

    @Test
    fun anOfflineSignOutIsDeliveredLater() = sandboxTest { sandbox ->
        val store = MapStore()
        val client = client(sandbox.host, store)
        val token = client.signedIn().accessToken().value
        sandbox.fault("sign_out:drop=before")
        val signedOut = client.signOut(Office.FRONT)
        assertEquals(RevocationStatus.PENDING, signedOut.revocation)
        assertEquals("interrupted", signedOut.cause)
        assertNull(client.session(Office.FRONT))
        assertEquals("plain@example.com", sandbox.ownerOf(token))

        val restarted = client(sandbox.host, store)
        val undelivered = restarted.deliverPendingRevocations(Office.FRONT)
        assertEquals(PendingRevocations(0, 1, "interrupted"), undelivered)
        sandbox.clearFaults()
        assertEquals(PendingRevocations(1, 0, null), restarted.deliverPendingRevocations(Office.FRONT))
        assertEquals(PendingRevocations(0, 0, null), restarted.deliverPendingRevocations(Office.FRONT))
        assertNull(sandbox.ownerOf(token))
    }

    @Test
    fun cachedAccessTokenNeverWaits() = sandboxTest { sandbox ->
        val store = MapStore()
        val session = client(sandbox.host, store).signedIn()
        assertEquals(session.accessToken().value, session.cachedAccessToken()?.value)
        // It expires soon: returned, and refreshed in the background.
        val stale = aged(sandbox, store, by = 890.seconds)
        val token = assertNotNull(stale.cachedAccessToken()).value
        stale.waitForRefresh()
        assertNotEquals(token, assertNotNull(stale.cachedAccessToken()).value)
        // It has expired: not returned, and no refresh is started.
        val expired = aged(sandbox, store, by = 16.minutes)
        assertNull(expired.cachedAccessToken())
        expired.waitForRefresh()
        assertEquals(1, sandbox.requests("/refresh"))
    }

    @Test
    fun aTokenCanBeAskedForWithAMinTtl() = sandboxTest { sandbox ->
        val store = MapStore()
        client(sandbox.host, store).signedIn()
        val session = aged(sandbox, store, by = 10.minutes)
        val token = session.accessToken().value
        assertEquals(token, session.accessTokenWithMinTtl(4.minutes).value)
        assertEquals(0, sandbox.requests("/refresh"))
        assertNotEquals(token, session.accessTokenWithMinTtl(6.minutes).value)
        assertEquals(1, sandbox.requests("/refresh"))
    }

    @Test
    fun aRejectedTokenIsReplacedUnlessItWasJustIssued() = sandboxTest { sandbox ->
        val store = MapStore()
        val fresh = client(sandbox.host, store).signedIn()
        val token = fresh.accessToken()
        assertEquals(token.value, fresh.replaceRejectedToken(token).value)
        assertEquals(0, sandbox.requests("/refresh"))
        val session = aged(sandbox, store, by = 5.minutes)
        val refreshed = session.replaceRejectedToken(token)
        assertNotEquals(token.value, refreshed.value)
        assertEquals(refreshed.value, session.replaceRejectedToken(token).value)
        assertEquals(1, sandbox.requests("/refresh"))
    }

    @Test
    fun autoRefreshRunsUntilTheSessionEnds() = sandboxTest { sandbox ->
        val store = MapStore()
        client(sandbox.host, store).signedIn()
        val client = client(sandbox.host, store)
        store.age(by = 890.seconds)
        val session = assertNotNull(client.session(Office.FRONT))
        val autoRefresh = launch { session.autoRefresh() }
        until { sandbox.requests("/refresh") == 1 }
        autoRefresh.cancelAndJoin()
        client.signOut(Office.FRONT)
        assertIs<AuthException.NotSignedIn>(session.autoRefresh())
    }

    @Test
    fun accountsAreListed() = sandboxTest { sandbox ->
        val store = MapStore()
        assertEquals(emptyList(), client(sandbox.host, store).accounts())
        for (name in listOf("ann", "bob@example.com")) client(sandbox.host, store) { profile = name }.signedIn()
        store.records["theme"] = byteArrayOf(1)
        val accounts = client(sandbox.host, store).accounts()
        assertEquals(setOf("ann", "bob@example.com"), accounts.map { it.profile }.toSet())
        assertEquals(setOf(sandbox.host to Office.FRONT), accounts.map { it.host to it.office }.toSet())
        assertEquals(2, accounts.size)
    }

    @Test
    fun limitsAreTheAppsToSet() = sandboxTest { sandbox ->
        val client = client(sandbox.host) { limits = AttemptLimits(signIn = 1, windowSeconds = 90) }
        client.signedIn()
        val locked = assertFailsWith<AuthException.LockedOut> { client.signedIn() }
        assertTrue(!locked.byHost && locked.retryAfterSeconds in 61L..92L, "${locked.retryAfterSeconds}")
    }

    @Test
    fun twoClientsOfOneStoreRefreshOnce() = sandboxTest { sandbox ->
        val store = MapStore()
        client(sandbox.host, store).signedIn()
        store.age(by = 16.minutes)
        val clients = List(8) { client(sandbox.host, store) }
        val calls = clients.map { client -> async { assertNotNull(client.session(Office.FRONT)).accessToken().value } }
        assertEquals(1, calls.map { it.await() }.toSet().size)
        assertEquals(1, sandbox.requests("/refresh"))
    }

    /** The session of another client, to whom its tokens are so much older. */
    private suspend fun aged(sandbox: Sandbox, store: MapStore, by: Duration): Session {
        store.age(by)
        return assertNotNull(client(sandbox.host, store).session(Office.FRONT))
    }
}
