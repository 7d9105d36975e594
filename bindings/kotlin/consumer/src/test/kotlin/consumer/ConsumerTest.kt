package consumer

import b2core.auth.AuthException
import b2core.auth.AuthState
import b2core.auth.Office
import b2core.auth.SignInStep
import b2core.auth.test.Sandbox
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import java.time.Duration
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotEquals

/** What an app's first tests look like. */
class ConsumerTest {
    @Test
    fun theProgramRuns() = Main.main(emptyArray())

    @Test
    fun aWrongCodeCanBeCorrected() = runBlocking<Unit> {
        Sandbox().use { sandbox ->
            val client = sandbox.client()
            val start = assertIs<SignInStep.Start>(client.signIn(Office.FRONT).current)
            val form = assertIs<SignInStep.Credentials>(start.open())
            val code = assertIs<SignInStep.Code>(form.submit(Sandbox.TOTP, Sandbox.PASSWORD))
            assertFailsWith<AuthException.WrongCode> { code.submit(sandbox.wrongCode(Sandbox.TOTP)) }
            assertIs<SignInStep.SignedIn>(code.submit(sandbox.totpCode(Sandbox.TOTP)!!))
            assertIs<AuthState.SignedIn>(client.authStateChanges(Office.FRONT).first().state)
        }
    }

    @Test
    fun aTokenThatExpiresIsReplaced() = runBlocking<Unit> {
        Sandbox().use { sandbox ->
            val session = sandbox.signIn(sandbox.client())
            val before = session.accessToken()
            sandbox.advance(Duration.ofMinutes(20))
            assertNotEquals(before.value, session.accessToken().value)
            assertEquals(1, sandbox.requests("/refresh"))
        }
    }
}
