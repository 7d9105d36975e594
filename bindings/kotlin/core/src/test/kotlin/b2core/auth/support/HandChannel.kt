package b2core.auth.support

import b2core.auth.ApprovalChannel
import b2core.auth.ChannelEvents
import b2core.auth.ChannelProblem
import b2core.auth.ChannelSubscription
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.channels.Channel

/** A live channel in the test's hands. */
class HandChannel : ApprovalChannel {
    private val watches = Channel<Watch>(Channel.UNLIMITED)

    override suspend fun watch(subscription: ChannelSubscription, events: ChannelEvents): ChannelProblem {
        val watch = Watch(subscription, events)
        watches.send(watch)
        try {
            return watch.result.await()
        } finally {
            watch.ended.complete(Unit)
        }
    }

    /** The next watch that begins; it is subscribed. */
    suspend fun subscribed(): Watch = begun().also { it.events.subscribed() }

    /** The next watch that begins. */
    suspend fun begun(): Watch = watches.receive()

    class Watch(val subscription: ChannelSubscription, val events: ChannelEvents) {
        /** Completed by the test: why it cannot go on, or what it throws. */
        val result = CompletableDeferred<ChannelProblem>()

        /** Nobody watches any more. */
        val ended = CompletableDeferred<Unit>()

        fun approve(token: String = "token-1"): Unit =
            events.message("approved", """{"authorizationToken":"$token"}""")
    }
}
