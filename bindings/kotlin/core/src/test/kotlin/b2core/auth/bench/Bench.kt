package b2core.auth.bench

import b2core.auth.Office
import b2core.auth.SignInStep
import b2core.auth.ffi.ChannelChoice
import b2core.auth.ffi.ClientConfig
import b2core.auth.ffi.StoreChoice
import b2core.auth.ffi.TransportChoice
import b2core.auth.cancellable
import b2core.auth.support.PASSWORD
import b2core.auth.support.Script
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.form
import b2core.auth.support.tokens
import b2core.auth.support.wizard
import kotlinx.coroutines.runBlocking
import b2core.auth.ffi.AuthClient as FfiClient
import b2core.auth.ffi.Session as FfiSession
import b2core.auth.ffi.SignInStep as FfiStep

/** What a call into the native library costs: the median of batches, after a warm-up. */
fun main() = runBlocking {
    val token = "x".repeat(600)
    val session = client("https://b2core.example") { transport = Script(wizard(), tokens(token)) }
        .signIn(Office.FRONT).form().submit("ann@example.org", PASSWORD).at<SignInStep.SignedIn>().session
    val raw = rawSession(token)
    check(session.accessToken().value == token && raw.accessToken() == token)

    measure("session.account, a synchronous call") { session.account }
    measure("accessToken() of 600 bytes, kept in memory, without cancellable") { raw.accessToken() }
    measure("accessToken() of 600 bytes, kept in memory") { session.accessToken() }
    measure("cancellable {} around nothing") { cancellable { } }
    crowds()
}

private const val BATCH = 200
private const val BATCHES = 300

private suspend fun measure(what: String, call: suspend () -> Any?) {
    val batches = (1..BATCHES + BATCHES / 2).map {
        val begin = System.nanoTime()
        repeat(BATCH) { call() }
        (System.nanoTime() - begin) / 1e3 / BATCH
    }
    val warm = batches.drop(BATCHES / 2).sorted()
    println("%-62s median %6.1f us, 95%% %6.1f us".format(what, warm[BATCHES / 2], warm[BATCHES * 95 / 100]))
}

/** The same session as the generated code has it. */
private suspend fun rawSession(token: String): FfiSession {
    val transport = TransportChoice.Custom(Script(wizard(), tokens(token)).bridge)
    val signIn = FfiClient(ClientConfig("https://b2core.example"), StoreChoice.Memory, transport, ChannelChoice.Off).signIn(Office.FRONT)
    val form = (signIn.current() as FfiStep.Start).step.open() as FfiStep.Credentials
    return (form.step.submit("ann@example.org", PASSWORD) as FfiStep.SignedIn).session
}
