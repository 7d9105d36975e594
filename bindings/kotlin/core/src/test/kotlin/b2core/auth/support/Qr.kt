package b2core.auth.support

import b2core.auth.AuthClient
import b2core.auth.QrCode
import b2core.auth.QrSignIn
import b2core.auth.QrState
import b2core.auth.Store
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.launch
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** A host's answer to a display that asks for a code. */
fun qrCode(id: String, more: String = ""): Answer = ok("""{"id":"$id","lifetimeMinutes":2$more}""")

/** The host's answer to the exchange of an approval. */
fun exchanged(access: String = "access-1"): Answer = ok(
    """{"clientId":"7","tokens":{"accessToken":{"token":"$access"},"refreshToken":{"token":"refresh-1"}}}""",
)

/** A display at a scripted host, whose live channel is in the test's hands. */
class Display(vararg answers: Answer, store: Store = Store.Memory, configure: AuthClient.Settings.() -> Unit = {}) {
    val channel = HandChannel()
    val script = Script(wizard(), *answers)
    val client: AuthClient = client("https://b2core.example", store) {
        transport = script
        approvalChannel = channel
        configure()
    }
    val signIn: QrSignIn = client.qrSignIn()

    /** The states, in a coroutine of its own. */
    fun states(scope: CoroutineScope): ReceiveChannel<QrState> = scope.statesOf(signIn)

    /** The states after the first code was shown, that code, and its channel. */
    suspend fun shown(scope: CoroutineScope): Shown {
        val states = states(scope)
        val watch = channel.subscribed()
        return Shown(states, states.next<QrState.Shown>().code, watch)
    }

    data class Shown(val states: ReceiveChannel<QrState>, val code: QrCode, val watch: HandChannel.Watch)

    /** The bodies that came for a path that ends so. */
    fun bodies(path: String): List<String> =
        script.requests.filter { it.url.endsWith(path) && it.method == "POST" }.map { it.body!!.decodeToString() }
}

/** The states, in a coroutine of its own that never waits for the test. */
fun CoroutineScope.statesOf(signIn: QrSignIn): ReceiveChannel<QrState> {
    val states = Channel<QrState>(Channel.UNLIMITED)
    launch { states.close(runCatching { signIn.states.collect(states::send) }.exceptionOrNull()) }
    return states
}

/** The next state is this one. */
suspend inline fun <reified T : QrState> ReceiveChannel<QrState>.next(): T = assertIs<T>(receive())

/** No other state follows; throws what the flow has thrown. */
suspend fun ReceiveChannel<QrState>.ends() {
    val last = receiveCatching()
    last.exceptionOrNull()?.let { throw it }
    assertTrue(last.isClosed, "$last")
}
