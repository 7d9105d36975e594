package b2core.auth

import b2core.auth.support.PASSWORD
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.enter
import b2core.auth.support.sandboxTest
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull

/** A phone kills the app while its user looks for the code. */
class ProcessTest {
    @Test
    fun stepResumesInANewProcess(@TempDir folder: Path) = sandboxTest { sandbox ->
        val file = folder.resolve("sessions")
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val app = ProcessBuilder(
            java, "-cp", System.getProperty("java.class.path"),
            "-Djna.library.path=" + System.getProperty("jna.library.path"),
            UpToTheCode::class.java.name, sandbox.host, file.toString(),
        ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        try {
            assertEquals("at the code", app.inputStream.bufferedReader().readLine())
        } finally {
            app.destroyForcibly().waitFor()
        }
        assert(file.exists())

        val client = client(sandbox.host, Store.File(file.toString(), PASSPHRASE))
        assertNull(client.session(Office.FRONT))
        val code = assertNotNull(client.resumeSignIn(Office.FRONT)).current.at<SignInStep.Code>()
        assertEquals("sms@example.com", code.account)
        code.submit(sandbox.code("sms@example.com")).at<SignInStep.SignedIn>()
        assertNull(client.resumeSignIn(Office.FRONT))
    }
}

private const val PASSPHRASE = "of the file"

/** The app that is killed. */
object UpToTheCode {
    @JvmStatic
    fun main(args: Array<String>) = runBlocking {
        val client = client(args[0], Store.File(args[1], PASSPHRASE))
        client.enter("sms@example.com").at<SignInStep.Code>()
        println("at the code")
        Thread.currentThread().join()
    }
}
