package b2core.auth

import b2core.auth.support.Display
import b2core.auth.support.Gate
import b2core.auth.support.HandChannel
import b2core.auth.support.MapStore
import b2core.auth.support.Script
import b2core.auth.support.broken
import b2core.auth.support.client
import b2core.auth.support.ends
import b2core.auth.support.exchanged
import b2core.auth.support.next
import b2core.auth.support.ok
import b2core.auth.support.qrCode
import b2core.auth.support.refusal
import b2core.auth.support.test
import b2core.auth.support.wizard
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes

/** A display: it shows codes, and is signed in once one is approved. */
class QrDisplayTest {
    @Test
    fun aCodeIsShownApprovedAndSignsIn() = test {
        val store = MapStore()
        val place = ""","ip":"203.0.113.7","location":"Vienna""""
        val display = Display(qrCode("channel-1", place), exchanged(), store = store)
        val states = display.states(this)
        val watch = display.channel.begun()
        // Nothing is shown before the subscription stands.
        assertTrue(states.isEmpty)
        watch.events.subscribed()
        val code = states.next<QrState.Shown>().code
        assertEquals("qr.channel-1", watch.subscription.channel)
        assertEquals("https://b2core.example/socket.io/", watch.subscription.url)
        assertEquals("channel-1", code.channelId)
        assertContains(code.payload, "channel-1")
        assertEquals(listOf("203.0.113.7", "Vienna"), listOf(code.ip, code.location))
        assertTrue(code.timeLeft > Duration.ZERO && code.timeLeft <= 2.minutes, "${code.timeLeft}")
        assertTrue(code.expiresAt > java.time.Instant.now())
        watch.events.message("something.else", "{}")
        watch.approve("token-1")
        states.next<QrState.Approved>()
        val session = states.next<QrState.SignedIn>().session
        states.ends()
        watch.ended.await()
        assertContains(display.bodies("/my/signin/qrcodes").single(), "token-1")
        assertEquals("access-1", session.accessToken().value)
        assertEquals("7", session.clientId)
        assertEquals("access-1", assertNotNull(display.client.session(Office.FRONT)).accessToken().value)
    }

    @Test
    fun aDeclineEndsIt() = test {
        val (states, _, watch) = Display(qrCode("channel-1")).shown(this)
        watch.events.message("declined", "{}")
        states.next<QrState.Declined>()
        states.ends()
        watch.ended.await()
    }

    @Test
    fun anExpiredCodeIsRenewed() = test {
        val display = Display(qrCode("one"), qrCode("two"), qrCode("three"), exchanged())
        val (states, _, first) = display.shown(this)
        first.events.message("expired", "{}")
        assertEquals(QrExpiry.HOST, states.next<QrState.Expired>().reason)
        val second = display.channel.subscribed()
        assertEquals("two", states.next<QrState.Renewed>().code.channelId)
        first.ended.await()
        // What comes for an old code is nobody's.
        first.approve("late")
        second.events.interrupted(ChannelProblem.UNREACHABLE)
        assertEquals(QrExpiry.CONNECTION_LOST, states.next<QrState.Expired>().reason)
        val third = display.channel.subscribed()
        assertEquals("three", states.next<QrState.Renewed>().code.channelId)
        third.approve()
        states.next<QrState.Approved>()
        states.next<QrState.SignedIn>()
        assertContains(display.bodies("/my/signin/qrcodes").single(), "token-1")
    }

    @Test
    fun aHostWithoutQrSignInIsNotAvailable() = test {
        val off = ok("""{"code":200,"data":{"is_qr_available":false},"uuid":"wizard-1","workflow":"login"}""")
        for (answers in listOf(arrayOf(off), arrayOf(wizard(), refusal(404)), arrayOf(wizard(), refusal(405)))) {
            val client = client("https://b2core.example") {
                transport = Script(*answers)
                approvalChannel = HandChannel()
            }
            assertEquals(listOf(QrState.NotAvailable), client.qrSignIn().states.toList())
        }
    }

    @Test
    fun eachReaderBeginsAtTheNewestState() = test {
        val display = Display(qrCode("one"), qrCode("two"), exchanged())
        val (states, _, first) = display.shown(this)
        assertEquals("one", (display.signIn.states.first() as QrState.Shown).code.channelId)
        first.events.message("expired", "{}")
        val second = display.channel.subscribed()
        states.next<QrState.Expired>()
        states.next<QrState.Renewed>()
        val later = display.states(this)
        later.next<QrState.Renewed>()
        second.approve()
        for (reader in listOf(states, later)) {
            reader.next<QrState.Approved>()
            assertEquals("access-1", reader.next<QrState.SignedIn>().session.use { it.accessToken().value })
            reader.ends()
        }
    }

    @Test
    fun aTokenThatCameInAnotherWayIsExchanged() = test {
        val display = Display(qrCode("channel-1"), exchanged()) { approvalChannel = ApprovalChannel.OFF }
        val early = assertFailsWith<AuthException.Qr> { display.signIn.complete("token-0") }
        assertEquals(QrProblem.NO_CODE, early.problem)
        assertEquals(Recovery.Restart, early.recovery)
        val states = display.states(this)
        states.next<QrState.Shown>()
        display.signIn.complete("token-1")
        states.next<QrState.Approved>()
        states.next<QrState.SignedIn>()
        assertContains(display.bodies("/my/signin/qrcodes").single(), "token-1")
        assertFailsWith<AuthException.Qr> { display.signIn.complete("token-2") }
    }

    @Test
    fun anApprovalThatSomebodyElseUsedIsAnErrorOfItsOwn() = test {
        val (states, _, watch) = Display(qrCode("channel-1"), refusal(409, "Used")).shown(this)
        watch.approve()
        states.next<QrState.Approved>()
        val error = assertFailsWith<AuthException.Qr> { states.ends() }
        assertEquals(QrProblem.AUTHORIZATION_USED, error.problem)
        assertEquals(listOf("Used"), error.serverMessage.lines)
        assertNotNull(error.correlationId)
        assertEquals(Recovery.Report, error.recovery)
    }

    @Test
    fun aChannelThatCannotGoOnIsAnError() = test {
        val display = Display(qrCode("channel-1"))
        val states = display.states(this)
        display.channel.begun().result.complete(ChannelProblem.TLS)
        val tls = assertFailsWith<AuthException.Channel> { states.ends() }
        assertEquals(ChannelProblem.TLS, tls.problem)
        for (thrown in listOf(IllegalStateException("canary7"), NotImplementedError("canary7"))) {
            val broken = Display(qrCode("channel-1"))
            val its = broken.states(this)
            broken.channel.begun().result.completeExceptionally(thrown)
            val failed = assertFailsWith<AuthException.Channel> { its.ends() }
            assertEquals(ChannelProblem.FAILED, failed.problem)
            assertTrue("canary7" !in "$failed ${failed.reasons}")
        }
    }

    @Test
    fun cancellingEndsTheStates() = test {
        val display = Display(qrCode("channel-1"))
        val (states, _, watch) = display.shown(this)
        display.signIn.cancel()
        states.ends()
        watch.ended.await()
        assertEquals(emptyList(), display.client.qrSignIn().apply { cancel() }.states.toList())
    }

    @Test
    fun aCodeGoesOnUntilItsLastUserLeaves() = test {
        val display = Display(qrCode("channel-1"))
        val reader = launch { display.signIn.states.collect {} }
        val watch = display.channel.subscribed()
        display.signIn.states.first()
        reader.cancelAndJoin()
        assertEquals("channel-1", (display.signIn.states.first() as QrState.Shown).code.channelId)
        assertTrue(watch.ended.isActive)
        display.signIn.close()
        watch.ended.await()
        assertFailsWith<IllegalStateException> { display.signIn.states.first() }
    }

    @Test
    fun cancellingTheReaderOfAClosedSignInEndsItsWait() = test {
        val gate = Gate(Script(wizard(), broken(NetworkProblem.FAILED)))
        val signIn = client("https://b2core.example") { transport = gate }.qrSignIn()
        val hold = gate.close()
        val reader = launch { signIn.states.collect {} }
        hold.arrived.await()
        signIn.close()
        reader.cancelAndJoin()
        // The request at the host has gone with its last reader.
        hold.cancelled.await()
    }

    @Test
    fun optionsThatCannotBeUsedAreASetupError() = test {
        for (options in listOf(mapOf("chanel" to "x"), mapOf("transports" to "pigeon"))) {
            assertFailsWith<AuthException.Setup> { client("https://b2core.example") { qrOptions = options } }
        }
        val options = mapOf("channel" to "signin.{id}", "event" to "granted", "token_fields" to "key")
        val display = Display(qrCode("channel-1"), exchanged()) { qrOptions = options }
        val (states, _, watch) = display.shown(this)
        assertEquals("signin.channel-1", watch.subscription.channel)
        watch.events.message("granted", """{"key":"token-9"}""")
        states.next<QrState.Approved>()
        states.next<QrState.SignedIn>()
        assertContains(display.bodies("/my/signin/qrcodes").single(), "token-9")
    }

    @Test
    fun noStateOfADisplayPrintsASecret() = test {
        val place = ""","ip":"canary7","location":"canary7""""
        val display = Display(qrCode("canary7", place), exchanged("canary7")) {
            qrOptions = mapOf("private" to "true", "channel_authorization" to "canary7")
        }
        val (states, code, watch) = display.shown(this)
        assertEquals("canary7", code.channelId)
        assertEquals(listOf("canary7"), watch.subscription.headers.map { it.value })
        watch.approve("canary7")
        val all = listOf(QrState.Shown(code), QrState.Renewed(code), states.next<QrState.Approved>(), states.next<QrState.SignedIn>())
        for (value in all + listOf(code, watch.subscription, watch.events, display.signIn)) {
            assertNull("canary7".toRegex().find("$value"), "$value")
        }
        assertEquals("Shown(code=QrCode(..))", "${all.first()}")
    }
}
