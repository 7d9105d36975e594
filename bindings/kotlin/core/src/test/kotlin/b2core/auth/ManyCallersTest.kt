package b2core.auth

import b2core.auth.support.Gate
import b2core.auth.support.MapStore
import b2core.auth.support.Sandbox
import b2core.auth.support.client
import b2core.auth.support.sandboxTest
import b2core.auth.support.signedIn
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import java.util.concurrent.Callable
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes

/** Ten thousand concurrent callers of a token send one request. */
class ManyCallersTest {
    @Test
    fun tenThousandCallersRefreshAnExpiredTokenOnce() = sandboxTest { sandbox ->
        val session = expired(sandbox)
        crowd { session.accessToken() }
        assertEquals(1, sandbox.requests("/refresh"))
    }

    @Test
    fun tenThousandCallersOfAColdClientRefreshOnce() = sandboxTest { sandbox ->
        val store = expiredStore(sandbox)
        val client = client(sandbox.host, store)
        crowd { assertNotNull(client.session(Office.FRONT)).use { it.accessToken() } }
        assertEquals(1, sandbox.requests("/refresh"))
    }

    @Test
    fun tenThousandCallersReplaceARejectedTokenOnce() = sandboxTest { sandbox ->
        val store = MapStore()
        val rejected = client(sandbox.host, store).signedIn().accessToken()
        store.age(by = 5.minutes)
        val session = assertNotNull(client(sandbox.host, store).session(Office.FRONT))
        val token = crowd { session.replaceRejectedToken(rejected) }
        assertNotEquals(rejected.value, token)
        assertEquals(1, sandbox.requests("/refresh"))
    }

    @Test
    fun tenThousandCallersGoOnWithoutTheFirst() = sandboxTest { sandbox ->
        val gate = Gate(JavaHttpTransport())
        val client = client(sandbox.host, expiredStore(sandbox)) { transport = gate }
        val session = assertNotNull(client.session(Office.FRONT))
        val hold = gate.close()
        val first = async { session.accessToken() }
        hold.arrived.await()
        val others = async { crowd { session.accessToken() } }
        first.cancel()
        assertFailsWith<CancellationException> { first.await() }
        hold.release()
        others.await()
        assertEquals(1, sandbox.requests("/refresh"))
    }

    /** As where an app calls an HTTP client's blocking call in its coroutines. */
    @Test
    fun theDefaultDispatcherCanBeBlocked() = sandboxTest { sandbox ->
        val store = MapStore()
        val rejected = client(sandbox.host, store).signedIn().accessToken()
        store.age(by = 5.minutes)
        val client = client(sandbox.host, store) { transport = JavaHttpTransport() }
        val session = assertNotNull(client.session(Office.FRONT))
        val threads = maxOf(2, Runtime.getRuntime().availableProcessors())
        val all = CountDownLatch(threads)
        val blocked = List(threads) {
            async(Dispatchers.Default) {
                all.countDown()
                all.await()
                AuthFutures.replaceRejectedToken(session, rejected).join().value
            }
        }
        assertNotEquals(rejected.value, blocked.awaitAll().toSet().single())
    }

    @Test
    fun blockedThreadsDoNotDelayTheRefresh() = sandboxTest { sandbox ->
        val store = MapStore()
        val rejected = client(sandbox.host, store).signedIn().accessToken()
        store.age(by = 5.minutes)
        // Store and transport run in Kotlin, while each caller blocks a thread.
        val client = client(sandbox.host, store) { transport = JavaHttpTransport() }
        val session = assertNotNull(client.session(Office.FRONT))
        assertEquals(rejected.value, session.cachedAccessToken()?.value)
        val pool = Executors.newFixedThreadPool(BLOCKED)
        try {
            val all = CountDownLatch(BLOCKED)
            val calls = List(BLOCKED) {
                pool.submit(Callable {
                    all.countDown()
                    all.await()
                    runBlocking { session.replaceRejectedToken(rejected) }.value
                })
            }
            val token = calls.map { it.get(5, TimeUnit.MINUTES) }.toSet().single()
            assertNotEquals(rejected.value, token)
            assertEquals(token, session.cachedAccessToken()?.value)
        } finally {
            pool.shutdownNow()
        }
        assertTrue(pool.awaitTermination(5, TimeUnit.MINUTES))
        assertEquals(1, sandbox.requests("/refresh"))
    }

    /** Makes the calls concurrently and returns the one token that all of them return. */
    private suspend fun CoroutineScope.crowd(call: suspend () -> AccessToken): String =
        List(CROWD) { async { call().value } }.awaitAll().toSet().single()

    private suspend fun expiredStore(sandbox: Sandbox): MapStore {
        val store = MapStore()
        client(sandbox.host, store).signedIn()
        store.age(by = 16.minutes)
        return store
    }

    private suspend fun expired(sandbox: Sandbox): Session {
        val session = assertNotNull(client(sandbox.host, expiredStore(sandbox)).session(Office.FRONT))
        assertNull(session.cachedAccessToken())
        return session
    }

    private companion object {
        const val CROWD = 10_000
        const val BLOCKED = 200
    }
}
