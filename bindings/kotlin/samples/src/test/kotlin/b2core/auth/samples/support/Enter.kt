package b2core.auth.samples.support

import b2core.auth.AuthClient
import b2core.auth.Office
import b2core.auth.SignInStep
import b2core.auth.test.Sandbox
import kotlin.test.assertIs

/** What follows the password of this user. */
suspend fun Sandbox.enter(client: AuthClient, email: String): SignInStep {
    val form = assertIs<SignInStep.Start>(client.signIn(Office.FRONT).current).open()
    return assertIs<SignInStep.Credentials>(form).submit(email, passwordOf(email))
}
