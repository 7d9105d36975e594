package b2core.auth

import b2core.auth.support.PASSWORD
import b2core.auth.support.Sandbox
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.enter
import b2core.auth.support.form
import b2core.auth.support.sandboxTest
import org.junit.jupiter.api.Test
import java.io.File
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** A host or network that misbehaves: the error that the app gets, and that its step stays usable. */
class FaultTest {
    /** Faults before the host processes the request: afterwards the same code, on the same step, signs in. */
    private val faults = mapOf(
        "drop=before" to "Network INTERRUPTED, Retry",
        "garbage" to "Network NOT_HTTP, Report",
        "html=200" to "UnexpectedAnswer, Report",
        "html=502" to "HostFailed 502, Retry",
        "status=503,retry_after=7" to "HostFailed 503 after 7, Retry",
        "redirect=302,to=TARGET" to "UnexpectedAnswer, Report",
        "redirect=307,to=TARGET" to "UnexpectedAnswer, Report",
        "huge=announced" to "Network TOO_LARGE, Report",
        "huge=chunked" to "Network TOO_LARGE, Report",
        "bomb,size=2g" to "Network TOO_LARGE, Report",
    )

    @Test
    fun faultsWithTheBundledTransport() = everyFault { null }

    @Test
    fun faultsWithTheAppsTransport() = everyFault { JavaHttpTransport() }

    private fun everyFault(own: () -> AppTransport?) = sandboxTest { sandbox ->
        Sandbox.start("--limits", "off").use { target ->
            val before = peakMemory()
            for ((fault, expected) in faults) {
                sandbox.clearFaults()
                val step = client(sandbox.host) { transport = own() }.enter("sms@example.com").at<SignInStep.Code>()
                val asked = sandbox.requests("/2fa/sms")
                sandbox.fault("check_sms:" + fault.replace("TARGET", target.host + "/api/v2/my/2fa/sms"))
                val failed = assertFailsWith<AuthException>(fault) { step.submit(sandbox.code("sms@example.com")) }
                assertEquals(expected, short(failed), fault)
                assertTrue(failed.correlationId != null, fault)
                assertEquals(asked + 1, sandbox.requests("/2fa/sms"), fault)
                sandbox.clearFaults()
                step.submit(sandbox.code("sms@example.com")).at<SignInStep.SignedIn>()
            }
            assertEquals(0, target.requests("/2fa/sms"), "nothing is sent where a redirect points")
            assertTrue(peakMemory() - before < MOST_MEMORY, "an answer of gigabytes is not read into memory")
        }
    }

    @Test
    fun aTimeoutKeepsTheStep() = sandboxTest { sandbox ->
        val step = client(sandbox.host) { timeout = 1.seconds }.enter("sms@example.com").at<SignInStep.Code>()
        sandbox.fault("check_sms:delay=3600s")
        val failed = assertFailsWith<AuthException.Network> { step.submit(sandbox.code("sms@example.com")) }
        assertEquals("Network TIMED_OUT, Retry", short(failed))
        sandbox.clearFaults()
        step.submit(sandbox.code("sms@example.com")).at<SignInStep.SignedIn>()
    }

    @Test
    fun aTakenCodeWhoseAnswerIsLostEndsTheSignIn() = sandboxTest { sandbox ->
        val signIn = client(sandbox.host).signIn(Office.FRONT)
        val step = signIn.form().submit("sms@example.com", PASSWORD).at<SignInStep.Code>()
        sandbox.fault("check_sms:drop=after,times=1")
        val lost = assertFailsWith<AuthException.Network> { step.submit(sandbox.code("sms@example.com")) }
        assertEquals("Network INTERRUPTED, Retry", short(lost))
        val over = assertFailsWith<AuthException.SignInExpired> { step.submit(sandbox.code("sms@example.com")) }
        assertEquals(Recovery.Restart, over.recovery)
        val start = signIn.current.at<SignInStep.Start>()
        val again = start.open().at<SignInStep.Credentials>().submit("sms@example.com", PASSWORD)
        again.at<SignInStep.Code>().submit(sandbox.code("sms@example.com")).at<SignInStep.SignedIn>()
    }

    @Test
    fun aLostAnswerToTheFormIsNoWrongPassword() = sandboxTest { sandbox ->
        val form = client(sandbox.host).signIn(Office.FRONT).form()
        sandbox.fault("sign_in:drop=after,times=1")
        assertFailsWith<AuthException.Network> { form.submit("sms@example.com", PASSWORD) }
        val code = form.submit("sms@example.com", PASSWORD).at<SignInStep.Code>()
        code.submit(sandbox.code("sms@example.com")).at<SignInStep.SignedIn>()
    }

    @Test
    fun aDeadWizardBeginsAnew() = sandboxTest { sandbox ->
        val signIn = client(sandbox.host).signIn(Office.FRONT)
        val step = signIn.form().submit("sms@example.com", PASSWORD).at<SignInStep.Code>()
        sandbox.steer("wizards", "{}")
        val over = assertFailsWith<AuthException.SignInExpired> { step.submit(sandbox.code("sms@example.com")) }
        assertEquals(Recovery.Restart, over.recovery)
        assertIs<SignInStep.Start>(signIn.current)
        val code = signIn.form().submit("sms@example.com", PASSWORD).at<SignInStep.Code>()
        code.submit(sandbox.code("sms@example.com")).at<SignInStep.SignedIn>()
    }

    private fun short(failed: AuthException): String {
        val what = when (failed) {
            is AuthException.Network -> "Network ${failed.problem.name}"
            is AuthException.HostFailed ->
                "HostFailed ${failed.status}" + (failed.retryAfterSeconds?.let { " after $it" } ?: "")
            else -> failed.javaClass.simpleName
        }
        return "$what, ${failed.recovery.javaClass.simpleName}"
    }

    private companion object {
        /** Generous: a JVM takes memory as it likes. The answers have gigabytes. */
        const val MOST_MEMORY = 512L * 1024

        /** The most that this process has had in memory so far, in KiB; 0 if the system does not say. */
        fun peakMemory(): Long {
            val lines = File("/proc/self/status").takeIf { it.exists() }?.readLines().orEmpty()
            val line = lines.firstOrNull { it.startsWith("VmHWM:") } ?: return 0
            return line.filter { it.isDigit() }.toLong()
        }
    }
}
