package b2core.auth.test

import b2core.auth.AuthException
import b2core.auth.Office
import b2core.auth.Store
import b2core.auth.SignInStep
import b2core.auth.TwoFactorMethod
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull

/** Who can sign in, and how the helper does it. */
class UsersTest {
    private val builtIn = with(Sandbox.Companion) { listOf(PLAIN, TOTP, SMS, BOTH, RESET, ROOT, ADMIN) }

    @Test
    fun everyBuiltInUserSignsIn() = sandboxTest { sandbox ->
        assertEquals(builtIn, sandbox.users.map { it.email })
        for (user in sandbox.users) {
            val session = sandbox.signIn(sandbox.client(), user.email)
            assertEquals(user.email to user.office, session.account to session.office)
            assertEquals(user.email, sandbox.ownerOf(session.accessToken()))
        }
        assertEquals(listOf(Sandbox.SMS, Sandbox.BOTH, Sandbox.RESET, Sandbox.ADMIN), sandbox.outbox.map { it.email })
        assertEquals(listOf(false, false, true, true), sandbox.outbox.map { it.isMail })
        assertEquals(builtIn.size, sandbox.unrevokedSessions)
    }

    @Test
    fun theHelperKnowsThePasswordThatItHasSet() = sandboxTest { sandbox ->
        sandbox.signIn(sandbox.client(), Sandbox.RESET)
        assertEquals(Sandbox.NEW_PASSWORD, sandbox.passwordOf(Sandbox.RESET))
        sandbox.client().enter(Sandbox.RESET, Sandbox.NEW_PASSWORD).at<SignInStep.SignedIn>()
        sandbox.signIn(sandbox.client(), Sandbox.RESET)
        assertEquals(true, sandbox.forceReset(Sandbox.RESET))
        assertEquals(true, sandbox.users.single { it.email == Sandbox.RESET }.mustResetPassword)
        sandbox.signIn(sandbox.client(), Sandbox.RESET)
        assertEquals(Sandbox.PASSWORD, sandbox.passwordOf(Sandbox.RESET))
        assertEquals(false, sandbox.forceReset("nobody@example.com"))
    }

    @Test
    fun usersOfATestsOwn() = sandboxTest({
        user("ann@example.org", "quote \" and 'ü'") { methods = listOf(TwoFactorMethod.GOOGLE, TwoFactorMethod.SMS) }
        user("bob@example.org")
    }) { sandbox ->
        sandbox.addUser("cat@example.org", "Cats12345") {
            office = Office.BACK
            hasMailedCode = true
        }
        sandbox.addUsers("[[user]]\nemail = \"dan@example.org\"\npassword = \"Dans12345\"\noffice = \"front\"\nclient_id = 777")
        val own = listOf("ann@example.org", "bob@example.org", "cat@example.org", "dan@example.org")
        assertEquals(builtIn + own, sandbox.users.map { it.email })
        for (email in own.dropLast(1)) {
            assertEquals(email, sandbox.ownerOf(sandbox.signIn(sandbox.client(), email).accessToken()))
        }
        assertEquals("dan@example.org", sandbox.signIn(sandbox.client(), "dan@example.org", "Dans12345").account)
        assertEquals(777L, sandbox.users.last().clientId)
        assertEquals("cat@example.org", sandbox.outbox.last().email)
    }

    @Test
    fun aTextOfUsersReplacesTheBuiltInOnes() = sandboxTest({
        usersToml = "[[user]]\nemail = \"eve@example.org\"\npassword = \"Eves12345\"\noffice = \"front\""
    }) { sandbox ->
        assertEquals(listOf("eve@example.org"), sandbox.users.map { it.email })
        assertFailsWith<AuthException.WrongCredentials> { sandbox.client().enter(Sandbox.PLAIN) }
    }

    @Test
    fun mistakesAreTyped() = sandboxTest { sandbox ->
        val before = sandbox.users.map { it.email }
        val taken = assertFailsWith<SandboxException.Users> { sandbox.addUser(Sandbox.PLAIN) }
        assertContains(taken.message!!, "another user of this office has the e-mail")
        val methods = assertFailsWith<SandboxException.Users> {
            sandbox.addUser("x@example.org", "SecretOfX1") {
                office = Office.BACK
                methods = listOf(TwoFactorMethod.SMS)
            }
        }
        assertContains(methods.message!!, "`methods` must be left out in the back office")
        val half = "[[user]]\nemail = \"y@example.org\"\npassword = \"Ys1234567\"\noffice = \"front\"\n[[user]]\nemail = \"z\""
        assertContains(assertFailsWith<SandboxException.Users> { sandbox.addUsers(half) }.message!!, "line 5")
        assertEquals(before, sandbox.users.map { it.email }, "all or none")
        assertFailsWith<SandboxException.Dialect> { sandbox.setDialect("klingon") }
        assertFailsWith<SandboxException.Dialect> { Sandbox.start { dialect = "klingon" } }
        assertFailsWith<SandboxException.Start> { Sandbox.start { basePath = "no path" } }
        assertFailsWith<SandboxException.Setting> { Sandbox.start { qrLifetimeForm = "soon" } }
        assertFailsWith<SandboxException.Fault> { Sandbox.start { fault("nonsense") } }
        assertFailsWith<IllegalArgumentException> { SandboxLimits(signIn = -1) }
        assertNull(sandbox.totpCode(Sandbox.PLAIN))
    }

    @Test
    fun twoSandboxesAtTheSameTime() = sandboxTest { one ->
        Sandbox.start { basePath = "/broker" }.use { two ->
            val phone = one.signIn(one.client())
            val other = two.signIn(two.client(), Sandbox.TOTP)
            assertEquals(listOf(Sandbox.PLAIN, null), listOf(one, two).map { it.ownerOf(phone.accessToken()) })
            assertEquals(listOf(null, Sandbox.TOTP), listOf(one, two).map { it.ownerOf(other.accessToken()) })
            assertEquals(200, statusOf(two.protectedUrl, other.accessToken().value))
            assertEquals(0, one.requests("/2fa/google"))
            assertEquals(1, two.requests("/2fa/google"))
            assertEquals("/broker/api/v2/my/2fa/google", two.requests.last().path)
        }
    }

    @Test
    fun aStoppedHostIsGoneAndItsRecordsStay(@TempDir folder: Path) = sandboxTest { sandbox ->
        val store = Store.File(folder.resolve("sessions").toString())
        sandbox.signIn(sandbox.client(store))
        val requests = sandbox.requests.size
        sandbox.close()
        val session = sandbox.client(store).session(Office.FRONT)!!
        assertFailsWith<AuthException.Network> { session.refresh() }
        assertEquals(requests, sandbox.requests.size)
    }
}
