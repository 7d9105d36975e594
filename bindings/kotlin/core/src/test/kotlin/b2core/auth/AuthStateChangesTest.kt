package b2core.auth

import b2core.auth.support.MapStore
import b2core.auth.support.client
import b2core.auth.support.sandboxTest
import b2core.auth.support.signedIn
import b2core.auth.support.test
import b2core.auth.support.until
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.produceIn
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Test
import java.lang.ref.WeakReference
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** The changes of the authentication state. */
class AuthStateChangesTest {
    private val ann = "plain@example.com"

    @Test
    fun theFirstStateComesFromTheStore() = sandboxTest { sandbox ->
        val store = MapStore()
        val first = suspend { client(sandbox.host, store).authStateChanges(Office.FRONT).first() }
        assertEquals(StateChange(AuthState.SignedOut, StateReason.STORED), first())
        client(sandbox.host, store).signedIn()
        assertEquals(StateChange(AuthState.SignedIn(ann), StateReason.STORED), first())
        store.locked = true
        val unavailable = StateChange(AuthState.Unavailable, StateReason.STORE_UNAVAILABLE, Health.STORE_UNAVAILABLE)
        assertEquals(unavailable, first())
    }

    @Test
    fun eachChangeComesWithItsReason() = sandboxTest { sandbox ->
        val client = client(sandbox.host)
        val changes = client.authStateChanges(Office.FRONT).produceIn(this)
        assertEquals(StateChange(AuthState.SignedOut, StateReason.STORED), changes.receive())
        val session = client.signedIn()
        assertEquals(StateChange(AuthState.SignedIn(ann), StateReason.SIGNED_IN), changes.receive())
        session.refresh()
        assertEquals(StateChange(AuthState.SignedIn(ann), StateReason.REFRESHED), changes.receive())
        session.signOut()
        assertEquals(StateChange(AuthState.SignedOut, StateReason.SIGNED_OUT), changes.receive())
        changes.cancel()
    }

    @Test
    fun anEndByTheHostHasItsReason() = sandboxTest { sandbox ->
        val store = MapStore()
        val client = client(sandbox.host, store)
        val session = client.signedIn()
        val changes = client.authStateChanges(Office.FRONT).produceIn(this)
        assertEquals(AuthState.SignedIn(ann), changes.receive().state)
        sandbox.fault("""refresh:status=401,body={"error":{"code":0%2C"message":"No"}}""")
        assertFailsWith<AuthException.SessionEnded> { session.refresh() }
        val ended = StateChange(AuthState.SignedOut, StateReason.ENDED_BY_HOST)
        assertEquals(ended, changes.receive())
        changes.cancel()
        // The next start of the app says so too, until the user signs in or out.
        val next = client(sandbox.host, store)
        repeat(2) { assertEquals(ended, next.authStateChanges(Office.FRONT).first()) }
        next.signOut(Office.FRONT)
        assertEquals(StateReason.STORED, next.authStateChanges(Office.FRONT).first().reason)
    }

    @Test
    fun aHostThatFailsIsSaidWithTheState() = sandboxTest { sandbox ->
        val client = client(sandbox.host)
        val session = client.signedIn()
        val changes = client.authStateChanges(Office.FRONT).produceIn(this)
        assertEquals(Health.HEALTHY, changes.receive().health)
        sandbox.fault("refresh:status=503")
        assertFailsWith<AuthException.HostFailed> { session.refresh() }
        val away = StateChange(AuthState.SignedIn(ann), StateReason.HOST_UNAVAILABLE, Health.HOST_UNAVAILABLE)
        assertEquals(away, changes.receive())
        sandbox.clearFaults()
        session.refresh()
        assertEquals(Health.HEALTHY, changes.receive().health)
        changes.cancel()
    }

    @Test
    fun aRefusalRequiresReauthentication() = sandboxTest { sandbox ->
        val client = client(sandbox.host)
        val session = client.signedIn()
        val changes = client.authStateChanges(Office.FRONT).produceIn(this)
        assertEquals(AuthState.SignedIn(ann), changes.receive().state)
        sandbox.fault("""refresh:status=400,body={"error":{"message":"No"}}""")
        assertFailsWith<AuthException.ReauthenticationRequired> { session.refresh() }
        assertEquals(StateChange(AuthState.ReauthenticationRequired(ann), StateReason.REFUSED), changes.receive())
        sandbox.clearFaults()
        client.signedIn()
        assertEquals(StateChange(AuthState.SignedIn(ann), StateReason.SIGNED_IN), changes.receive())
        changes.cancel()
    }

    @Test
    fun aSlowReaderGetsTheNewestState() = sandboxTest { sandbox ->
        val client = client(sandbox.host)
        val (begun, goOn) = listOf(CompletableDeferred<Unit>(), CompletableDeferred())
        val seen = Channel<StateReason>(Channel.UNLIMITED)
        val reader = launch {
            client.authStateChanges(Office.FRONT).collect {
                seen.send(it.reason)
                if (begun.complete(Unit)) goOn.await()
            }
        }
        begun.await()
        val session = client.signedIn()
        session.refresh()
        session.signOut()
        goOn.complete(Unit)
        assertEquals(StateReason.STORED, seen.receive())
        assertEquals(StateReason.SIGNED_OUT, seen.receive())
        reader.cancelAndJoin()
        assertEquals(null, seen.tryReceive().getOrNull())
    }

    @Test
    fun aStateIsThereAtAnyTime() = sandboxTest { sandbox ->
        val client = client(sandbox.host)
        val scope = CoroutineScope(Dispatchers.Default + Job())
        val state = client.stateIn(scope, Office.FRONT)
        assertEquals(AuthState.SignedOut, state.value.state)
        client.signedIn()
        assertEquals(AuthState.SignedIn(ann), state.first { it.reason == StateReason.SIGNED_IN }.state)
        scope.cancel()
    }

    @Test
    fun cancellingAWatcherEndsThePullAndKeepsNothingAlive() = test {
        val stores = mutableListOf<WeakReference<MapStore>>()
        repeat(50) { round ->
            val store = MapStore()
            stores += WeakReference(store)
            val client = client("https://b2core.example", store) { transport = JavaHttpTransport() }
            val first = CompletableDeferred<Unit>()
            val watcher = launch { client.authStateChanges(Office.FRONT).collect { first.complete(Unit) } }
            // Also before its first value, and just as it comes.
            if (round % 3 > 0) first.await()
            watcher.cancelAndJoin()
            client.close()
        }
        until { System.gc(); stores.all { it.get() == null } }
    }
}
