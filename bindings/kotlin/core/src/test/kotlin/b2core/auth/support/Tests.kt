package b2core.auth.support

import b2core.auth.AuthClient
import b2core.auth.Office
import b2core.auth.Session
import b2core.auth.SignIn
import b2core.auth.SignInStep
import b2core.auth.Store
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.minutes

/** Runs a test on real threads. The timeout only ends a test that hangs: no test depends on it. */
fun test(body: suspend CoroutineScope.() -> Unit): Unit =
    runBlocking(Dispatchers.Default) { withTimeout(HANG_TIMEOUT) { body() } }

private val HANG_TIMEOUT = 5.minutes

/** Runs a test with a sandbox of its own. */
fun sandboxTest(vararg options: String, body: suspend CoroutineScope.(Sandbox) -> Unit): Unit =
    Sandbox.start(*options).use { test { body(it) } }

/** A client that forgets everything. */
fun client(host: String, store: Store = Store.Memory, configure: AuthClient.Settings.() -> Unit = {}): AuthClient =
    AuthClient(host, store) { userAgent = "kotlin-test/1"; configure() }

/** The step is this one. */
inline fun <reified T : SignInStep> SignInStep.at(): T = assertIs<T>(this)

/** The sign-in with its wizard open. */
suspend fun SignIn.form(): SignInStep.Credentials = when (val step = current) {
    is SignInStep.Start -> step.open().at()
    else -> step.at()
}

/** A new sign-in, up to what comes after the password. */
suspend fun AuthClient.enter(email: String, office: Office = Office.FRONT): SignInStep =
    signIn(office).form().submit(email, PASSWORD)

/** Signs in where no second factor is required. */
suspend fun AuthClient.signedIn(email: String = "plain@example.com"): Session =
    enter(email).at<SignInStep.SignedIn>().session

/** Waits for something that another thread is about to do. */
suspend fun until(condition: () -> Boolean): Unit = withTimeout(HANG_TIMEOUT) { while (!condition()) yield() }
