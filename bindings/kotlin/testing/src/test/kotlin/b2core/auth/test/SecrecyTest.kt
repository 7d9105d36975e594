package b2core.auth.test

import b2core.auth.AuthException
import b2core.auth.TwoFactorMethod
import org.junit.jupiter.api.Test
import java.io.PrintWriter
import java.io.StringWriter
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** What is printed, and what is not. */
class SecrecyTest {
    private val secret = "MARKERMARKERMARKERMARKERMARKERMA"
    private val password = "Marker-password-1"

    @Test
    fun nothingPrintsASecret() = sandboxTest { sandbox ->
        lateinit var printed: List<Any>
        sandbox.addUser("ann@example.org", password) {
            methods = listOf(TwoFactorMethod.GOOGLE, TwoFactorMethod.SMS)
            totpSecret = secret
            printed = listOf(this, ffi())
        }
        val session = sandbox.signIn(sandbox.client(), "ann@example.org")
        sandbox.signIn(sandbox.client(), Sandbox.ADMIN)
        session.refresh()
        val text = "[[user]]\nemail = \"bob@example.org\"\npassword = \"$password\"\noffice = \"front\"\ntotp_secret = \"$secret\""
        val wrong = assertFailsWith<SandboxException.Users> { sandbox.addUsers(text) }
        val failed = assertFailsWith<AuthException> { sandbox.signIn(sandbox.client(), "ann@example.org", "$password?") }
        val settings = SandboxSettings().apply {
            usersToml = text
            user("cat@example.org", password) { totpSecret = secret }
        }
        val refused = assertFailsWith<SandboxException.Users> { settings.start() }
        val all = printed + sandbox + sandbox.users + sandbox.outbox + sandbox.requests + sandbox.faults + settings +
            listOf(wrong, failed, refused).map(::traceOf)
        val secrets = sandbox.outbox.map { it.code } + secret + password + session.accessToken().value
        assertTrue(sandbox.outbox.size >= 2 && sandbox.requests.size >= 8)
        for (value in all) {
            assertEquals(emptyList(), secrets.filter { it in value.toString() }, "$value")
        }
    }

    private fun traceOf(e: Throwable): String = StringWriter().also { e.printStackTrace(PrintWriter(it)) }.toString()
}
