package b2core.auth

import b2core.auth.support.Answer
import b2core.auth.support.Gate
import b2core.auth.support.PASSWORD
import b2core.auth.support.Script
import b2core.auth.support.answer
import b2core.auth.support.at
import b2core.auth.support.broken
import b2core.auth.support.client
import b2core.auth.support.form
import b2core.auth.support.mailed
import b2core.auth.support.ok
import b2core.auth.support.refusal
import b2core.auth.support.test
import b2core.auth.support.tokens
import b2core.auth.support.wizard
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import org.junit.jupiter.api.Test
import java.time.Instant
import java.util.Locale
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

private const val CODE = """{"id":"channel-1","host":"https://b2core.example"}"""

/** An approver: a signed-in device that scans a code, and approves it. */
class QrApproverTest {
    @Test
    fun aRequestIsApprovedOnce() = test {
        val phone = Phone(ok("""{"approved":true}"""))
        val request = phone.session().inspectQr(CODE, ScanSource.CAMERA)
        assertEquals("ann@example.org", request.details.account)
        assertEquals("https://b2core.example", request.details.host)
        assertEquals(0, phone.sent().size)
        request.approve()
        assertContains(phone.sent().single(), "channel-1")
        for (again in listOf(suspend { request.approve() }, suspend { request.decline(); Unit })) {
            val error = assertFailsWith<AuthException.Qr> { again() }
            assertEquals(QrProblem.ALREADY_DECIDED, error.problem)
        }
        assertEquals(1, phone.sent().size)
    }

    @Test
    fun aDeclinedRequestCannotBeApproved() = test {
        val quiet = Phone()
        val untold = quiet.session().inspectQr(CODE, ScanSource.CAMERA)
        assertEquals(false, untold.decline())
        assertFailsWith<AuthException.Qr> { untold.approve() }
        val told = Phone(answer(204, "")) { qrOptions = mapOf("decline" to "true") }
        val request = told.session().inspectQr(CODE, ScanSource.CAMERA)
        assertEquals(true, request.decline())
        assertTrue(told.script.requests.last().url.endsWith("/my/signin/qrcodes/decline"))
        assertFailsWith<AuthException.Qr> { request.approve() }
        assertEquals(0, quiet.sent().size + told.sent().size)
    }

    @Test
    fun nothingIsApprovedWithoutTheUser() = test {
        val answers = ArrayDeque<suspend () -> Boolean>()
        answers += { false }
        answers += { throw IllegalStateException("not declared") }
        answers += { throw NotImplementedError("an Error, as of TODO()") }
        val asked = mutableListOf<QrDetails>()
        val phone = Phone(ok("{}")) {
            userPresence = UserPresence { details ->
                asked += details
                (answers.removeFirstOrNull() ?: { true })()
            }
        }
        val request = phone.session().inspectQr(CODE, ScanSource.CAMERA)
        repeat(3) {
            val error = assertFailsWith<AuthException.Qr> { request.approve() }
            assertEquals(QrProblem.NOT_CONFIRMED, error.problem)
            assertEquals(Recovery.AskUser, error.recovery)
        }
        assertEquals(0, phone.sent().size)
        request.approve()
        assertEquals(1, phone.sent().size)
        assertEquals(List(4) { "ann@example.org" }, asked.map { it.account })
    }

    @Test
    fun cancellingAnApprovalDismissesThePrompt() = test {
        val (prompted, dismissed) = List(2) { CompletableDeferred<Unit>() }
        var confirms = false
        val phone = Phone(ok("{}")) {
            userPresence = UserPresence {
                if (confirms) return@UserPresence true
                prompted.complete(Unit)
                try {
                    awaitCancellation()
                } finally {
                    dismissed.complete(Unit)
                }
            }
        }
        val request = phone.session().inspectQr(CODE, ScanSource.CAMERA)
        val call = async { request.approve() }
        prompted.await()
        call.cancel()
        assertFailsWith<CancellationException> { call.await() }
        dismissed.await()
        assertEquals(0, phone.sent().size)
        confirms = true
        request.approve()
        assertEquals(1, phone.sent().size)
    }

    @Test
    fun anApprovalThatWasSentIsCarriedOut() = test {
        val script = Script(wizard(), tokens(), ok("{}"))
        val gate = Gate(script)
        val session = signedIn(client("https://b2core.example") { transport = gate })
        val request = session.inspectQr(CODE, ScanSource.CAMERA)
        val hold = gate.close()
        val call = async { request.approve() }
        hold.arrived.await()
        call.cancel()
        assertFailsWith<CancellationException> { call.await() }
        assertTrue(hold.cancelled.isActive)
        hold.release()
        val again = assertFailsWith<AuthException.Qr> { request.approve() }
        assertEquals(QrProblem.ALREADY_DECIDED, again.problem)
    }

    @Test
    fun theDetailsAreTheHosts() = test {
        val seen = """{"ip":"203.0.113.7","location":"Vienna's {0} 5 %","userAgent":"Firefox",
            "createdAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-01T00:02:00Z","yourIp":"198.51.100.1"}"""
        val phone = Phone(ok(seen)) { qrOptions = mapOf("inspect" to "true") }
        val request = phone.session().inspectQr(CODE, ScanSource.LINK)
        val details = request.details
        assertEquals(listOf("203.0.113.7", "Vienna's {0} 5 %", "Firefox"), details.run { listOf(ip, location, userAgent) })
        assertEquals(Instant.parse("2026-01-01T00:00:00Z"), details.createdAt)
        assertEquals(Instant.parse("2026-01-01T00:02:00Z"), details.expiresAt)
        assertEquals(listOf(QrRisk.ADDRESS_DIFFERS, QrRisk.NOT_FROM_CAMERA), details.risks)
        val question = "A screen in Vienna's {0} 5 % will be signed in as ann@example.org. Approve it only if it is in front of you."
        assertEquals(question, details.question(Locale.ENGLISH))
        assertContains(details.question(Locale.GERMAN), "ann@example.org")
        assertTrue(details.question(Locale.GERMAN) != question)
        for (text in listOf("$details", "$request")) {
            for (secret in listOf("ann", "203", "Vienna", "channel-1")) assertTrue(secret !in text, text)
        }
    }

    @Test
    fun whatIsUnknownIsSaid() = test {
        val details = Phone().session().inspectQr("channel-1", ScanSource.CAMERA).details
        assertNull(details.ip)
        assertNull(details.location)
        assertEquals(listOf(QrRisk.ADDRESS_UNKNOWN, QrRisk.HOST_NOT_NAMED), details.risks)
        assertContains(details.question(Locale.ENGLISH), "A screen in an unknown place will be signed in as ann@example.org")
        for (risk in QrRisk.entries) {
            val texts = listOf("en", "de", "es").map { risk.userMessage(Locale.forLanguageTag(it)) }
            assertEquals(3, texts.toSet().size, "$risk")
            assertTrue(texts.all { ' ' in it }, "$risk: $texts")
        }
    }

    @Test
    fun whatIsNoCodeOfThisHostSendsNothing() = test {
        val phone = Phone()
        val session = phone.session()
        val others = listOf("""{"id":"channel-1","host":"https://evil.example"}""", "https://evil.example/qr?id=channel-1")
        val none = listOf("", "\uD800 lone", "WIFI:S:guest;;", "x".repeat(5000))
        for ((texts, problem) in listOf(others to QrProblem.OTHER_HOST, none to QrProblem.NOT_A_CODE)) {
            for (text in texts) {
                val error = assertFailsWith<AuthException.Qr>(text) { session.inspectQr(text, ScanSource.CAMERA) }
                assertEquals(problem, error.problem, text)
                assertNull(error.correlationId)
            }
        }
        assertEquals(2, phone.script.requests.size, "of the sign-in")
    }

    @Test
    fun aRefusedApprovalSaysWhy() = test {
        val refusals = listOf(
            refusal(404, "Gone") to QrProblem.EXPIRED,
            refusal(410, "Gone") to QrProblem.EXPIRED,
            refusal(409, "Gone") to QrProblem.ALREADY_USED,
        )
        for ((answer, problem) in refusals) {
            val error = assertFailsWith<AuthException.Qr> {
                Phone(answer).session().inspectQr(CODE, ScanSource.CAMERA).approve()
            }
            assertEquals(problem, error.problem)
            assertEquals(listOf("Gone"), error.serverMessage.lines)
            assertNotNull(error.correlationId)
        }
        val phone = Phone(broken(NetworkProblem.INTERRUPTED))
        val unknown = assertFailsWith<AuthException.Qr> { phone.session().inspectQr(CODE, ScanSource.CAMERA).approve() }
        assertEquals(QrProblem.UNCERTAIN, unknown.problem)
        assertEquals(1, phone.sent().size, "an approval is not sent twice")
    }

    @Test
    fun theBackOfficeHasNoQrSignIn() = test {
        val client = client("https://b2core.example") { transport = Script(mailed, tokens()) }
        val form = client.signIn(Office.BACK).current.at<SignInStep.Credentials>()
        val code = form.submit("ann@example.org", PASSWORD).at<SignInStep.MailedCode>()
        val session = code.submit("123456").at<SignInStep.SignedIn>().session
        val error = assertFailsWith<AuthException.Qr> { session.inspectQr(CODE, ScanSource.CAMERA) }
        assertEquals(QrProblem.NOT_AVAILABLE, error.problem)
    }

    /** A signed-in device at a scripted host. */
    private class Phone(vararg answers: Answer, configure: AuthClient.Settings.() -> Unit = {}) {
        val script = Script(wizard(), tokens(), *answers)
        private val client = client("https://b2core.example") { transport = script; configure() }

        suspend fun session(): Session = client.session(Office.FRONT) ?: signedIn(client)

        /** The approvals that were sent. */
        fun sent(): List<String> =
            script.requests.filter { it.url.endsWith("/my/signin/tokens") }.map { it.body!!.decodeToString() }
    }
}

private suspend fun signedIn(client: AuthClient): Session =
    client.signIn(Office.FRONT).form().submit("ann@example.org", PASSWORD).at<SignInStep.SignedIn>().session
