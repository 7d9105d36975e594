package b2core.auth

import b2core.auth.support.Sandbox
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.enter
import b2core.auth.support.sandboxTest
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull

/** A phone kills the app while its user looks for the code. */
class ProcessTest {
    @Test
    fun stepResumesInANewProcess(@TempDir folder: Path) = sandboxTest { sandbox ->
        val file = folder.resolve("sessions")
        assertEquals("at the code", outputBeforeTheKill(sandbox, file, "sms@example.com"))

        val client = client(sandbox.host, Store.File(file.toString(), PASSPHRASE))
        assertNull(client.session(Office.FRONT))
        val code = assertNotNull(client.resumeSignIn(Office.FRONT)).current.at<SignInStep.Code>()
        assertEquals("sms@example.com", code.account)
        code.submit(sandbox.code("sms@example.com")).at<SignInStep.SignedIn>()
        assertNull(client.resumeSignIn(Office.FRONT))
    }

    @Test
    fun sessionOutlivesItsProcess(@TempDir folder: Path) = sandboxTest { sandbox ->
        val file = folder.resolve("sessions")
        val output = outputBeforeTheKill(sandbox, file, "plain@example.com")
        val client = client(sandbox.host, Store.File(file.toString(), PASSPHRASE))
        val state = client.authStateChanges(Office.FRONT).first()
        assertEquals(StateChange(AuthState.SignedIn("plain@example.com"), StateReason.STORED), state)
        val session = assertNotNull(client.session(Office.FRONT))
        assertEquals("signed in with ${session.accessToken().value}", output)
        session.refresh()
        assertEquals("plain@example.com", sandbox.ownerOf(session.accessToken().value))
    }

    /** What the app says before it is killed. */
    private fun outputBeforeTheKill(sandbox: Sandbox, file: Path, email: String): String {
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val app = ProcessBuilder(
            java, "-cp", System.getProperty("java.class.path"),
            "-Djna.library.path=" + System.getProperty("jna.library.path"),
            App::class.java.name, sandbox.host, file.toString(), email,
        ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        try {
            return app.inputStream.bufferedReader().readLine()
        } finally {
            app.destroyForcibly().waitFor()
        }
    }
}

private const val PASSPHRASE = "of the file"

/** The app that is killed. */
object App {
    @JvmStatic
    fun main(args: Array<String>) = runBlocking {
        val client = client(args[0], Store.File(args[1], PASSPHRASE))
        val place = when (val step = client.enter(args[2])) {
            is SignInStep.Code -> "at the code"
            is SignInStep.SignedIn -> "signed in with ${step.session.accessToken().value}"
            else -> "elsewhere"
        }
        println(place)
        Thread.currentThread().join()
    }
}
