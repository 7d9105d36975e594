package b2core.auth

import b2core.auth.ffi.CancelToken
import b2core.auth.ffi.ChannelChoice
import b2core.auth.ffi.ClientConfig
import b2core.auth.ffi.StoreChoice
import b2core.auth.ffi.TransportChoice
import b2core.auth.ffi.uniffiForeignFutureHandleCount
import b2core.auth.support.Gate
import b2core.auth.support.PASSWORD
import b2core.auth.support.Script
import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.form
import b2core.auth.support.sandboxTest
import b2core.auth.support.test
import b2core.auth.support.tokens
import b2core.auth.support.until
import b2core.auth.support.wizard
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Test
import java.lang.ref.WeakReference
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.test.fail
import b2core.auth.ffi.AuthClient as FfiClient
import b2core.auth.ffi.AuthException as FfiException
import b2core.auth.ffi.SignInStep as FfiStep

/** Cancelling is legal everywhere, and loses nothing. */
class CancelTest {
    @Test
    fun cancellingASubmitLeavesTheStepUsable() = sandboxTest { sandbox ->
        val gate = Gate(JavaHttpTransport())
        val form = client(sandbox.host) { transport = gate }.signIn(Office.FRONT).form()
        val hold = gate.close()
        val call = async { form.submit("plain@example.com", PASSWORD) }
        hold.arrived.await()
        call.cancel()
        assertFailsWith<CancellationException> { call.await() }
        hold.cancelled.await()
        gate.open()
        form.submit("plain@example.com", PASSWORD).at<SignInStep.SignedIn>()
        assertEquals(1, sandbox.requests("/signin"))
        until { uniffiForeignFutureHandleCount() == 0 }
    }

    @Test
    fun cancelBeforeTheCallCounts() = test {
        val script = Script(wizard())
        val step = client("https://b2core.example") { transport = script }.signIn(Office.FRONT).current
        // A coroutine that is cancelled already.
        launch(start = CoroutineStart.UNDISPATCHED) {
            cancel()
            step.at<SignInStep.Start>().open()
            fail("the call went through")
        }.join()
        // A cancel that comes after the call was decided on and before it began.
        val client = FfiClient(
            ClientConfig("https://b2core.example"), StoreChoice.Memory, TransportChoice.Custom(script.bridge),
            ChannelChoice.Bundled,
        )
        val raw = assertIs<FfiStep.Start>(client.signIn(Office.FRONT).current()).step
        val token = CancelToken()
        token.cancel()
        assertFailsWith<FfiException.Cancelled> { raw.open(token) }
        assertEquals(0, script.requests.size)
        step.at<SignInStep.Start>().open().at<SignInStep.Credentials>()
    }

    @Test
    fun doubleSubmitAnswersBusy() = test {
        val gate = Gate(Script(wizard(), tokens()))
        val form = client("https://b2core.example") { transport = gate }.signIn(Office.FRONT).form()
        val hold = gate.close()
        val first = async { form.submit("ann@example.org", PASSWORD) }
        hold.arrived.await()
        assertFailsWith<AuthException.Busy> { form.submit("ann@example.org", PASSWORD) }
        hold.release()
        first.await().at<SignInStep.SignedIn>()
        assertFailsWith<AuthException.StaleStep> { form.submit("ann@example.org", PASSWORD) }
    }

    @Test
    fun racingCancelsLoseNoOutcome() = test {
        val transports = mutableListOf<WeakReference<AppTransport>>()
        var (arrived, cancelled) = listOf(0, 0)
        repeat(ROUNDS) { round ->
            val script = Script(wizard(), wizard())
            transports += WeakReference(script)
            client("https://b2core.example") { transport = script }.use { client ->
                client.signIn(Office.FRONT).use { signIn ->
                    val start = signIn.current.at<SignInStep.Start>()
                    val call = async(start = CoroutineStart.UNDISPATCHED) { start.open() }
                    // The call takes about as long, so that the cancel meets every stage of it.
                    val cancelAt = System.nanoTime() + (round % 40) * 20_000
                    while (System.nanoTime() < cancelAt) Thread.onSpinWait()
                    call.cancelAndJoin()
                    // `async` forgets the value of a cancelled coroutine; the sign-in does not.
                    if (signIn.current is SignInStep.Start) cancelled++ else arrived++
                    finish(signIn)
                    assertTrue(script.requests.size <= 2)
                }
            }
        }
        println("racing cancels: $ROUNDS rounds, $arrived moved on, $cancelled were cancelled before")
        assertEquals(ROUNDS, arrived + cancelled)
        // A transport is released when the last native object that can reach it is freed.
        until { System.gc(); transports.all { it.get() == null } }
        until { uniffiForeignFutureHandleCount() == 0 }
    }

    @Test
    fun aFinishedCallIsHandedOverToACancelledCoroutine() = test {
        var handedOver: String? = null
        val job = launch {
            handedOver = cancellable {
                coroutineContext.cancel()
                "the outcome"
            }
        }
        job.join()
        assertTrue(job.isCancelled)
        assertEquals("the outcome", handedOver)
    }

    /** Goes on from the current step. The sign-in is idle: no call throws `Busy`, and no step is stale. */
    private suspend fun finish(signIn: SignIn) {
        (signIn.current as? SignInStep.Start)?.open()
        signIn.current.at<SignInStep.Credentials>()
    }

    private companion object {
        const val ROUNDS = 400
    }
}
