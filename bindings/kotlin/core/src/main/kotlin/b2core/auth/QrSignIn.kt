package b2core.auth

import b2core.auth.ffi.use
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import b2core.auth.ffi.QrCode as FfiCode
import b2core.auth.ffi.QrSignIn as FfiQrSignIn
import b2core.auth.ffi.QrState as FfiState

/**
 * A QR sign-in of this display: it gets a code, renews it, and signs in once a phone has approved it.
 *
 * It runs from the first collection of its [states] on, until it has ended, is cancelled, or nothing uses it: that is when it
 * is closed and nobody collects. Until it is closed, a collector can stop and another one begin: the code goes on. One
 * that was given up stays given up: tokens that still come are revoked.
 */
public class QrSignIn internal constructor(private val ffi: FfiQrSignIn) : AutoCloseable {
    /**
     * The states, from the newest one on. Each collector has its own, and misses none. The flow completes after the last
     * state, and throws an [AuthException] if the sign-in cannot go on.
     */
    public val states: Flow<QrState> = flow {
        ffi.states().use { states ->
            while (true) emit(cancellable { states.next(it) }?.wrapped() ?: return@use)
        }
    }

    /**
     * Hands over an [authorizationToken] that came in another way than by the live channel, such as the app's push messages.
     * It is exchanged for the code that is shown now.
     *
     * @throws AuthException.Qr if no code is shown, or it has expired.
     */
    @Throws(AuthException::class)
    public fun complete(authorizationToken: String): Unit = try {
        ffi.complete(authorizationToken)
    } catch (e: b2core.auth.ffi.AuthException) {
        throw e.wrapped()
    }

    /** Ends it: nobody is signed in by it any more, and the [states] complete. */
    public fun cancel(): Unit = ffi.cancel()

    override fun close(): Unit = ffi.close()

    override fun toString(): String = "QrSignIn"
}

/** Where a [QrSignIn] is. */
public sealed interface QrState {
    /** The first [code] is to be shown. */
    public data class Shown(public val code: QrCode) : QrState

    /** Another [code] is to be shown; the last one is not usable any more. */
    public data class Renewed(public val code: QrCode) : QrState

    /** The code was approved. It is exchanged now, and must not be shown any more. */
    public data object Approved : QrState

    /** Whoever scanned the code declined. This is the end. */
    public data object Declined : QrState

    /** The code must not be shown any more, for this [reason]. The next one follows by itself. */
    public data class Expired(public val reason: QrExpiry) : QrState

    /** The approval was exchanged, and the [session] is saved. This is the end. */
    public data class SignedIn(public val session: Session) : QrState

    /** The host has no QR sign-in, or it is switched off. This is the end. */
    public data object NotAvailable : QrState
}

/**
 * A code to show. Whoever is signed in and sees its [payload] can approve this sign-in, so printing it shows nothing. Codes
 * need not be closed.
 */
public class QrCode internal constructor(private val ffi: FfiCode) {
    /** The text to show as a QR code. */
    public val payload: String get() = ffi.payload()

    /** The id of the sign-in channel, for an app that learns of the approval in a way of its own. */
    public val channelId: String get() = ffi.channelId()

    /** The address of this screen, as the host sees it. */
    public val ip: String? get() = ffi.ip()

    /** Where the host takes this screen to be, by its address. */
    public val location: String? get() = ffi.location()

    /** When the code expires by this device's wall clock. For a countdown use [timeLeft]. */
    public val expiresAt: Instant get() = Instant.ofEpochSecond(ffi.expiresAtEpochSeconds())

    /** How long the code may still be shown, however the wall clock is set. Zero: hide it. */
    @get:JvmSynthetic
    public val timeLeft: Duration get() = timeLeftMillis.milliseconds

    /** [timeLeft] in milliseconds. */
    public val timeLeftMillis: Long get() = ffi.timeLeftMillis()

    /** The code as dark and light modules, to draw; null if the payload is too long for a QR code. */
    public val matrix: QrMatrix? get() = ffi.matrix()?.let(::QrMatrix)

    override fun toString(): String = "QrCode(..)"
}

private fun FfiState.wrapped(): QrState = when (this) {
    is FfiState.Shown -> QrState.Shown(QrCode(code))
    is FfiState.Renewed -> QrState.Renewed(QrCode(code))
    is FfiState.Approved -> QrState.Approved
    is FfiState.Declined -> QrState.Declined
    is FfiState.Expired -> QrState.Expired(reason)
    is FfiState.SignedIn -> QrState.SignedIn(Session(SharedSession(session, references = 1)))
    is FfiState.NotAvailable -> QrState.NotAvailable
}
