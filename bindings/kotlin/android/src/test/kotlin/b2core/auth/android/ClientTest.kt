package b2core.auth.android

import android.security.keystore.KeyPermanentlyInvalidatedException
import b2core.auth.AuthException
import b2core.auth.AuthState
import b2core.auth.Office
import b2core.auth.SignInStep
import b2core.auth.TokenSource
import b2core.auth.android.support.Device
import b2core.auth.android.support.FakeKeystore
import b2core.auth.android.support.enter
import b2core.auth.test.Sandbox
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.security.ProviderException
import java.time.Duration
import java.util.concurrent.CountDownLatch
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The whole client on this store, at a whole host. Each client is one of an app that was started anew. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class ClientTest {
    private val device = Device()
    private val sandbox = Sandbox()

    private fun client() = sandbox.client(device.store())

    private suspend fun state() = client().authStateChanges(Office.FRONT).first().state

    @After
    fun stop() = sandbox.close()

    @Test
    fun aSessionOutlivesTheApp() = runBlocking {
        val token = client().use { sandbox.signIn(it).use { session -> session.accessToken().value } }
        val files = device.folder.walk().filter { it.isFile }.toList()
        assertTrue(files.none { token in it.readText(Charsets.ISO_8859_1) })

        val session = assertNotNull(client().session(Office.FRONT))
        assertEquals(token, session.accessToken().value)
        session.refresh()
        val newer = assertNotNull(client().session(Office.FRONT)).accessToken().value
        assertTrue(newer != token)
        assertEquals(Sandbox.PLAIN, sandbox.ownerOf(newer))

        client().signOut(Office.FRONT)
        assertNull(client().session(Office.FRONT))
        assertEquals(AuthState.SignedOut, state())
        assertNull(sandbox.ownerOf(newer))
        assertEquals(emptyList(), device.newFaults())
    }

    @Test
    fun aPendingStepOutlivesTheApp() = runBlocking {
        client().use { assertIs<SignInStep.Code>(sandbox.enter(it, Sandbox.SMS)) }
        val resumed = assertNotNull(client().resumeSignIn(Office.FRONT))
        val step = assertIs<SignInStep.Code>(resumed.current)
        assertIs<SignInStep.SignedIn>(step.submit(sandbox.lastCode(Sandbox.SMS)!!))
        assertNotNull(client().session(Office.FRONT))
        Unit
    }

    /** As by blocking calls of an HTTP client in `Dispatchers.IO`: all of its threads wait for a token. */
    @Test
    fun blockedThreadsDoNotWaitForTheirOwnStore() = runBlocking {
        val client = client()
        sandbox.signIn(client).close()
        val source = TokenSource(client, Office.FRONT)
        source.current()
        sandbox.advance(Duration.ofMinutes(16))
        val all = CountDownLatch(64)
        val waiting = List(64) {
            async(Dispatchers.IO) {
                all.countDown()
                all.await()
                runBlocking { source.current() }?.authorization
            }
        }
        assertNotNull(waiting.awaitAll().toSet().single())
        assertEquals(1, sandbox.requests("/refresh"))
    }

    @Test
    fun whatPassesSignsNobodyOut() = runBlocking {
        sandbox.signIn(client())
        device.setUnlocked(false)
        assertEquals(AuthState.Unavailable, state())
        assertFailsWith<AuthException.StoreUnavailable> { client().session(Office.FRONT) }
        assertTrue(KeystoreFault.DEVICE_LOCKED in device.newFaults())
        device.setUnlocked(true)
        FakeKeystore.fault = { _, _ -> throw ProviderException("for the moment") }
        assertEquals(AuthState.Unavailable, state())
        FakeKeystore.fault = { _, _ -> }
        assertEquals(AuthState.SignedIn(Sandbox.PLAIN), state())
        assertEquals(0, device.aside.size)
    }

    @Test
    fun aLostKeyAsksForANewSignIn() = runBlocking {
        sandbox.signIn(client())
        val dead = FakeKeystore.keys.keys.single()
        FakeKeystore.fault = { call, alias ->
            if (call == "use" && alias == dead) throw KeyPermanentlyInvalidatedException()
        }
        assertEquals(AuthState.SignedOut, state())
        assertTrue(KeystoreFault.KEY_INVALIDATED in device.newFaults())
        assertNull(client().session(Office.FRONT))
        sandbox.signIn(client())
        assertEquals(AuthState.SignedIn(Sandbox.PLAIN), state())
        assertTrue(device.aside.isNotEmpty())
    }
}
