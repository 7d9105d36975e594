package b2core.auth.test

import b2core.auth.AuthClient
import b2core.auth.Office
import b2core.auth.QrSignIn
import b2core.auth.QrState
import b2core.auth.SignInStep
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.net.HttpURLConnection
import java.net.URI
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.minutes

/** Runs a test with a sandbox of its own. The timeout only ends a test that hangs: no test depends on it. */
fun sandboxTest(configure: SandboxSettings.() -> Unit = {}, body: suspend CoroutineScope.(Sandbox) -> Unit): Unit =
    Sandbox.start(configure).use { sandbox ->
        runBlocking(Dispatchers.Default) { withTimeout(5.minutes) { body(sandbox) } }
    }

/** The step is this one. */
inline fun <reified T : SignInStep> SignInStep.at(): T = assertIs<T>(this)

/** A new sign-in, up to what comes after the password. */
suspend fun AuthClient.enter(email: String, password: String = Sandbox.PASSWORD): SignInStep =
    signIn(Office.FRONT).current.at<SignInStep.Start>().open().at<SignInStep.Credentials>().submit(email, password)

/** The states, in a coroutine of its own that never waits for the test. */
fun CoroutineScope.statesOf(signIn: QrSignIn): ReceiveChannel<QrState> {
    val states = Channel<QrState>(Channel.UNLIMITED)
    launch { states.close(runCatching { signIn.states.collect(states::send) }.exceptionOrNull()) }
    return states
}

/** The next state is this one. */
suspend inline fun <reified T : QrState> ReceiveChannel<QrState>.next(): T = assertIs<T>(receive())

/** The status of a GET with this access token. */
fun statusOf(url: String, token: String): Int {
    val connection = URI(url).toURL().openConnection() as HttpURLConnection
    connection.setRequestProperty("Authorization", "Bearer $token")
    return connection.responseCode
}
