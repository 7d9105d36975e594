package b2core.auth

import b2core.auth.support.client
import b2core.auth.support.ends
import b2core.auth.support.next
import b2core.auth.support.statesOf
import b2core.auth.support.test
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import kotlin.io.path.writeText
import kotlin.test.assertEquals
import kotlin.test.assertNotNull

/**
 * A display in Kotlin whose approver is the Swift package's `QrApprover`, at one sandbox. `cargo xtask test` runs the two
 * together: by its name this class is in no other run.
 */
class QrPair {
    @Test
    fun aDisplayInKotlinIsSignedInByAnApproverInSwift() = test {
        val host = assertNotNull(System.getProperty("pair.host"), "say where the sandbox is: -Dpair.host=URL")
        val payload = assertNotNull(System.getProperty("pair.payload"), "say where the payload goes: -Dpair.payload=FILE")
        val states = statesOf(client(host).qrSignIn())
        val code = states.next<QrState.Shown>().code
        val draft = Path.of("$payload.draft").apply { writeText(code.payload) }
        Files.move(draft, Path.of(payload), ATOMIC_MOVE)
        states.next<QrState.Approved>()
        val session = states.next<QrState.SignedIn>().session
        states.ends()
        assertEquals("plain@example.com", session.account)
        session.refresh()
    }
}
