package b2core.auth

import b2core.auth.ffi.Reasons
import b2core.auth.support.Display
import b2core.auth.support.Gate
import b2core.auth.support.MapStore
import b2core.auth.support.PASSWORD
import b2core.auth.support.Script
import b2core.auth.support.answer
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.ends
import b2core.auth.support.form
import b2core.auth.support.qrCode
import b2core.auth.support.test
import b2core.auth.support.tokens
import b2core.auth.support.wizard
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.net.InetAddress
import java.net.ServerSocket
import java.util.Locale
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import b2core.auth.ffi.AuthException as FfiException

private const val HOST = "https://b2core.example"
private const val MARKER = "canary7"

/** What lies behind an error: the app's own exception, and the reasons that the library knows. */
class CauseTest {
    @Test
    fun whatAStoreThrowsIsTheCause() = test {
        val calls: List<Pair<String, suspend AuthClient.() -> Unit>> = listOf(
            "load session/" to { session(Office.FRONT) },
            "load pending/" to { resumeSignIn(Office.FRONT) },
            "names" to { accounts() },
            "remove session/" to { signOut(Office.FRONT) },
        )
        for ((name, call) in calls) {
            for (thrown in listOf(Own(1), OwnError(2))) {
                val store = MapStore()
                val client = client(HOST, store) { transport = Script(wizard(), tokens()) }
                enter(client)
                store.fault = { if (it.startsWith(name)) throw thrown }
                val failed = assertFailsWith<AuthException.StoreFailed>(name) { client.call() }
                assertSame(thrown, failed.cause, name)
                hidden(failed)
            }
        }
    }

    @Test
    fun whatKeepsASessionFromBeingSavedIsTheCause() = test {
        val store = MapStore()
        val thrown = Own(3)
        store.fault = { if (it.startsWith("save session/")) throw thrown }
        val client = client(HOST, store) { transport = Script(wizard(), tokens()) }
        val failed = assertFailsWith<AuthException.NotSaved> { enter(client) }
        assertSame(thrown, failed.cause)
        hidden(failed)
    }

    @Test
    fun whatALockThrowsIsTheCause() = test {
        val store = MapStore()
        val thrown = Own(4)
        store.processLock = object : ProcessLock {
            override suspend fun tryLock(name: String): Boolean = throw thrown

            override suspend fun unlock(name: String) = Unit
        }
        val client = client(HOST, store) { transport = Script(wizard(), tokens()) }
        val failed = assertFailsWith<AuthException> { enter(client) }
        assertSame(thrown, failed.cause)
        hidden(failed)
    }

    @Test
    fun aStoreThatIsUnavailableSaysWhy() = test {
        val thrown = Own(5)
        val store = object : AppSessionStore() {
            override suspend fun load(name: String): ByteArray? = unavailable(thrown)

            override suspend fun save(name: String, data: ByteArray) = unavailable()

            override suspend fun remove(name: String) = unavailable()

            override suspend fun names(): Collection<String> = withTimeout(1.milliseconds) { awaitCancellation() }
        }
        val client = client(HOST, store)
        val locked = assertFailsWith<AuthException.StoreUnavailable> { client.session(Office.FRONT) }
        assertSame(thrown, locked.cause)
        hidden(locked)
        val slow = assertFailsWith<AuthException.StoreUnavailable> { client.accounts() }
        assertContains(assertNotNull(slow.cause).javaClass.name, "Timeout")
    }

    @Test
    fun whatATransportThrowsIsTheCause() = test {
        for (thrown in listOf(Own(6), OwnError(7))) {
            val lost = assertFailsWith<AuthException.Network> { enter(client(HOST) { transport = Script({ throw thrown }) }) }
            assertEquals(NetworkProblem.FAILED, lost.problem)
            assertSame(thrown, lost.cause)
            hidden(lost)
        }
        val thrown = Own(8)
        val own = object : AppTransport() {
            override suspend fun send(request: HttpRequest): HttpResponse = noAnswer(NetworkProblem.UNREACHABLE, thrown)
        }
        val offline = assertFailsWith<AuthException.Network> { enter(client(HOST) { transport = own }) }
        assertEquals(NetworkProblem.UNREACHABLE, offline.problem)
        assertSame(thrown, offline.cause)
        val refused = assertFailsWith<AuthException.Network> {
            enter(client("http://127.0.0.1:${closedPort()}") { transport = JavaHttpTransport() })
        }
        assertIs<java.net.ConnectException>(refused.cause)
    }

    @Test
    fun aHerdGetsTheCauseEach() = test {
        val thrown = Own(9)
        val store = MapStore()
        enter(client(HOST, store) { transport = Script(wizard(), tokens()) })
        store.age(by = 5.minutes)
        val gate = Gate(Script({ throw thrown }))
        val session = assertNotNull(client(HOST, store) { transport = gate }.session(Office.FRONT))
        val hold = gate.close()
        val herd = List(10) {
            async(start = CoroutineStart.UNDISPATCHED) {
                assertFailsWith<AuthException.Network> { session.replaceRejectedToken(AccessToken("access-1")) }
            }
        }
        hold.arrived.await()
        hold.release()
        for (failed in herd.awaitAll()) assertSame(thrown, failed.cause)
        // Where each of them has asked the library by itself.
        val number = Thrown.keep(thrown)
        repeat(10) {
            val error = FfiException.Network(NetworkProblem.FAILED, null, Reasons(emptyList(), number)).wrapped()
            assertSame(thrown, error.cause)
        }
    }

    @Test
    fun anExceptionThatMadeRoomForOthersIsNoCauseAndTheErrorIsTheSame() = test {
        val thrown = Own(10)
        val store = MapStore()
        val client = client(HOST, store) { transport = Script(wizard(), tokens(), { throw thrown }) }
        val session = enter(client).session
        // That a refresh has failed is written after its exception was thrown.
        store.fault = {
            if (it.startsWith("save session/")) repeat(Thrown.MOST) { Thrown.keep(Own(0)) }
        }
        val lost = assertFailsWith<AuthException.Network> { session.refresh() }
        assertEquals(NetworkProblem.FAILED, lost.problem)
        assertNull(lost.cause)
        assertEquals(listOf("the app's own transport failed"), lost.reasons)
    }

    @Test
    fun whatAChannelOrAPresenceCheckThrowsIsTheCause() = test {
        val thrown = Own(11)
        val display = Display(qrCode("channel-1"))
        val states = display.states(this)
        display.channel.begun().result.completeExceptionally(thrown)
        val channel = assertFailsWith<AuthException.Channel> { states.ends() }
        assertSame(thrown, channel.cause)
        hidden(channel)
        val phone = client(HOST) {
            transport = Script(wizard(), tokens(), answer(200, "{}"))
            userPresence = UserPresence { throw thrown }
        }
        enter(phone)
        val session = assertNotNull(phone.session(Office.FRONT))
        val request = session.inspectQr("""{"id":"channel-1","host":"$HOST"}""", ScanSource.CAMERA)
        val prompt = assertFailsWith<AuthException.Qr> { request.approve() }
        assertEquals(QrProblem.NOT_CONFIRMED, prompt.problem)
        assertSame(thrown, prompt.cause)
        hidden(prompt)
    }

    @Test
    fun theReasonNamesWhatRefusedAndWhatWasNotFound() = test {
        val port = closedPort()
        val refused = assertFailsWith<AuthException.Network> { enter(client("http://127.0.0.1:$port")) }
        assertEquals("connection refused by 127.0.0.1:$port", refused.reason)
        assertTrue(refused.reasons.size > 1, "${refused.reasons}")
        // A name that can be nobody's (RFC 6761).
        val unknown = assertFailsWith<AuthException.Network> { enter(client("https://nobody.invalid")) }
        assertEquals("name not found: nobody.invalid", unknown.reason)
        for (error in listOf(refused, unknown)) {
            assertNull(error.cause)
            assertEquals(NetworkProblem.UNREACHABLE, error.problem)
        }
        val notAsked = assertFailsWith<AuthException.NotSignedIn> { throw FfiException.NotSignedIn().wrapped() }
        assertNull(notAsked.reason)
    }

    @Test
    fun theReasonNamesTheFile() = test {
        val error = assertFailsWith<AuthException.StoreFailed> {
            client(HOST, Store.File("/dev/null/session")).session(Office.FRONT)
        }
        assertContains(assertNotNull(error.reason), "/dev/null")
        assertEquals(error.problem, error.reason)
    }

    /** Nothing but the stack trace shows what the app threw. */
    private fun hidden(error: AuthException) {
        val texts = listOf("$error", "${error.message}", error.localizedMessage, error.userMessage(Locale.ENGLISH)) + error.reasons
        for (text in texts) assertFalse(MARKER in text, text)
        assertContains(error.stackTraceToString(), MARKER)
    }

    private suspend fun enter(client: AuthClient): SignInStep.SignedIn =
        client.signIn(Office.FRONT).form().submit("ann@example.org", PASSWORD).at<SignInStep.SignedIn>()

    private fun closedPort(): Int = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }

    // Without a constructor that coroutines could copy them by.
    private class Own(number: Int) : Exception("$MARKER $number")

    private class OwnError(number: Int) : Error("$MARKER $number")
}
