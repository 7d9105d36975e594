package b2core.auth

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import b2core.auth.ffi.ApprovalChannel as FfiChannel
import b2core.auth.ffi.ChannelChoice as FfiChoice
import b2core.auth.ffi.ChannelEnd as FfiEnd
import b2core.auth.ffi.ChannelEvents as FfiEvents

/**
 * A live channel of the app's own: how a display learns that its code was approved, such as by the app's push messages or
 * its own client of the host's laravel-echo-server.
 */
public fun interface ApprovalChannel {
    /**
     * Watches the channel of this [subscription] and reports to [events] what happens there, until it cannot go on: that is the
     * result. If it throws, the result is [ChannelProblem.FAILED], and what it threw is the cause of the [AuthException.Channel] that
     * the display gets.
     *
     * It connects again by itself, and logs neither the channel's name nor what arrives there. It runs on
     * threads of this library's, and is cancelled when nobody waits any more.
     */
    public suspend fun watch(subscription: ChannelSubscription, events: ChannelEvents): ChannelProblem

    public companion object {
        /** No live channel: the approval comes by [QrSignIn.complete] alone. */
        @JvmField
        public val OFF: ApprovalChannel = ApprovalChannel { _, events ->
            events.subscribed()
            awaitCancellation()
        }
    }
}

/** Takes what happens on a channel. Its calls return at once; after the end of the watch they do nothing. */
public interface ChannelEvents {
    /** Events that are published from now on arrive. The code is shown only after this. */
    public fun subscribed()

    /** Events can have been missed, or no connection could be made. It is tried again. A code that is shown is replaced. */
    public fun interrupted(problem: ChannelProblem)

    /** An event of this channel: its [name], and its [data] as JSON. */
    public fun message(name: String, data: String)
}

/** The native choice: null stands for the channel that is built in. */
internal fun ApprovalChannel?.choice(): FfiChoice = when (this) {
    null -> FfiChoice.Bundled
    ApprovalChannel.OFF -> FfiChoice.Off
    else -> FfiChoice.Custom(ChannelBridge(this))
}

/** Maps everything that is thrown: an `Error` would otherwise leave the native call without an answer. */
private class ChannelBridge(private val app: ApprovalChannel) : FfiChannel {
    override suspend fun watch(subscription: ChannelSubscription, events: FfiEvents): FfiEnd =
        try {
            FfiEnd(app.watch(subscription, Events(events)), null)
        } catch (e: CancellationException) {
            if (currentCoroutineContext().isActive) failed(e) else throw e
        } catch (e: Throwable) {
            failed(e)
        }

    private fun failed(e: Throwable) = FfiEnd(ChannelProblem.FAILED, Thrown.keep(e))

    private class Events(private val ffi: FfiEvents) : ChannelEvents {
        override fun subscribed(): Unit = ffi.subscribed()

        override fun interrupted(problem: ChannelProblem): Unit = ffi.interrupted(problem)

        override fun message(name: String, data: String): Unit = ffi.message(name, data.encodeToByteArray())
    }
}
