package b2core.auth

import b2core.auth.support.MapStore
import b2core.auth.support.PASSWORD
import b2core.auth.support.Script
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.enter
import b2core.auth.support.form
import b2core.auth.support.sandboxTest
import b2core.auth.support.test
import b2core.auth.support.tokens
import b2core.auth.support.wizard
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import java.net.HttpURLConnection
import java.net.URI
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds

/** What an app brings, and how it fails. */
class ForeignTest {
    @Test
    fun storeWrittenInKotlinServesRust() = sandboxTest { sandbox ->
        val store = MapStore()
        val code = client(sandbox.host, store).enter("sms@example.com").at<SignInStep.Code>()
        assertTrue(store.records.keys.any { it.startsWith("pending/") }, "${store.records.keys}")
        code.submit(sandbox.code("sms@example.com"))
        assertFalse(store.records.keys.any { it.startsWith("pending/") })

        val later = client(sandbox.host, store)
        val session = assertNotNull(later.session(Office.FRONT))
        assertEquals("sms@example.com", sandbox.ownerOf(session.accessToken().value))
        session.refresh()
        assertEquals(RevocationStatus.REVOKED, later.signOut(Office.FRONT).revocation)
        assertNull(client(sandbox.host, store).session(Office.FRONT))
    }

    @Test
    fun lockBetweenProcessesIsHeldDuringARefreshAndGivenBack() = sandboxTest { sandbox ->
        val held = ConcurrentHashMap.newKeySet<String>()
        val taken = ConcurrentHashMap.newKeySet<String>()
        // The first time another process holds it.
        val asked = AtomicInteger()
        val lock = object : ProcessLock {
            override suspend fun tryLock(name: String): Boolean {
                if (name.startsWith("session/") && asked.getAndIncrement() == 0) return false
                taken.add(name)
                return held.add(name)
            }

            override suspend fun unlock(name: String) {
                check(held.remove(name))
            }
        }
        val store = MapStore()
        store.processLock = lock
        val session = client(sandbox.host, store).enter("plain@example.com").at<SignInStep.SignedIn>().session
        asked.set(0)
        session.refresh()
        assertTrue(asked.get() > 1, "it was asked for again")
        assertTrue(taken.any { it.startsWith("session/") }, "$taken")
        session.signOut()
        withTimeout(10_000.milliseconds) { while (held.isNotEmpty()) yield() }
        store.processLock = object : ProcessLock {
            override suspend fun tryLock(name: String): Boolean = error("canary")

            override suspend fun unlock(name: String) = Unit
        }
        val broken = client(sandbox.host, store)
        val failed = assertFailsWith<AuthException> { broken.enter("plain@example.com") }
        assertFalse("$failed".contains("canary"))
        broken.networkChanged()
    }

    @Test
    fun transportWrittenInKotlinServesRust() = sandboxTest { sandbox ->
        val plain = object : AppTransport() {
            override suspend fun send(request: HttpRequest): HttpResponse {
                val connection = URI(request.url).toURL().openConnection() as HttpURLConnection
                connection.requestMethod = request.method
                request.headers.forEach { connection.setRequestProperty(it.name, it.value) }
                request.body?.let {
                    connection.doOutput = true
                    connection.outputStream.use { out -> out.write(it) }
                }
                val status = connection.responseCode
                val body = (if (status < 400) connection.inputStream else connection.errorStream).readBytes()
                val date = HttpHeader("Date", connection.getHeaderField("Date"))
                return HttpResponse(status, listOf(date), body)
            }
        }
        for (own in listOf(plain, JavaHttpTransport())) {
            val client = client(sandbox.host) { transport = own }
            val code = client.enter("sms@example.com").at<SignInStep.Code>()
            assertFailsWith<AuthException.WrongCode> { code.submit(sandbox.wrongCode("sms@example.com")) }
            val session = code.submit(sandbox.code("sms@example.com")).at<SignInStep.SignedIn>().session
            session.refresh()
            assertEquals(RevocationStatus.REVOKED, session.signOut().revocation)
        }
    }

    @Test
    fun unexpectedExceptionArrivesTyped() = test {
        for (thrown in unexpected) {
            val throwing = object : AppTransport() {
                override suspend fun send(request: HttpRequest): HttpResponse = throw thrown()
            }
            val store = MapStore()
            val start = client("https://b2core.example", store) { transport = throwing }.signIn(Office.FRONT).current
            // An exception that was lost would end in a timeout, which is another error.
            val lost = assertFailsWith<AuthException.Network> { start.at<SignInStep.Start>().open() }
            assertEquals(NetworkProblem.FAILED, lost.problem)
            store.fault = { throw thrown() }
            val broken = client("https://b2core.example", store)
            assertFailsWith<AuthException.StoreFailed> { broken.session(Office.FRONT) }
            assertFailsWith<AuthException.StoreFailed> { broken.resumeSignIn(Office.FRONT) }
            assertFailsWith<AuthException.StoreFailed> { broken.signOut(Office.FRONT) }
        }
    }

    @Test
    fun aTimeoutOfTheAppsOwnIsATimeout() = test {
        val slow = object : AppTransport() {
            override suspend fun send(request: HttpRequest): HttpResponse =
                withTimeout(1.milliseconds) { awaitCancellation() }
        }
        val start = client("https://b2core.example") { transport = slow }.signIn(Office.FRONT).current
        val lost = assertFailsWith<AuthException.Network> { start.at<SignInStep.Start>().open() }
        assertEquals(NetworkProblem.TIMED_OUT, lost.problem)
        assertEquals(Recovery.Retry(null), lost.recovery)
    }

    @Test
    fun unavailableIsNotSignedOut() = test {
        val store = MapStore()
        val client = client("https://b2core.example", store) { transport = Script(wizard(), tokens()) }
        client.signIn(Office.FRONT).form().submit("ann@example.org", PASSWORD).at<SignInStep.SignedIn>()
        store.locked = true
        val locked = assertFailsWith<AuthException.StoreUnavailable> { client.session(Office.FRONT) }
        assertEquals(Recovery.Retry(null), locked.recovery)
        assertFailsWith<AuthException.StoreUnavailable> { client.resumeSignIn(Office.FRONT) }
        assertFailsWith<AuthException.StoreUnavailable> { client.signOut(Office.FRONT) }
        store.locked = false
        assertEquals("access-1", client.session(Office.FRONT)?.accessToken()?.value)
    }

    private val unexpected: List<() -> Throwable> = listOf(
        { IllegalStateException("not declared") },
        { NotImplementedError("an Error, as of TODO()") },
        { OutOfMemoryError("an Error of the machine") },
        { CancellationException("of its own accord") },
    )
}
