@file:JvmName("QrRisks")

package b2core.auth

import java.time.Instant
import java.util.Locale
import b2core.auth.ffi.QrDetails as FfiDetails
import b2core.auth.ffi.QrRequest as FfiRequest

/**
 * A sign-in that waits for the approval of this device. Show its [details], then [approve] or [decline], once. It need not be
 * closed.
 */
public class QrRequest internal constructor(private val ffi: FfiRequest) {
    /** What to show before the user decides. */
    public val details: QrDetails = QrDetails(ffi.details())

    /**
     * Approves: the other screen is signed in as this account. The user is asked to confirm first, if the client has a
     * [UserPresence]. After [QrProblem.NOT_CONFIRMED] it can be called again. An approval that was sent is carried out, even if
     * this call is cancelled.
     *
     * @throws AuthException.Qr if the host or the user did not approve.
     */
    public suspend fun approve(): Unit = cancellable { ffi.approve(it) }

    /**
     * Declines: this request cannot be approved any more. True if the host was notified, so that the other screen can say so;
     * false if the host has no call for it, and the code expires by itself.
     */
    public suspend fun decline(): Boolean = cancellable { ffi.decline(it) }

    override fun toString(): String = "QrRequest($details)"
}

/**
 * What is known of the sign-in that waits for an approval, to show to the user. All texts are of this device's own host; what it
 * did not say is null: show that as "unknown". Nothing was taken from the scanned code, which anybody can have written.
 */
public class QrDetails internal constructor(private val ffi: FfiDetails) {
    /** The account that the other screen would be signed in as. */
    public val account: String get() = ffi.account

    /** The host that it would be signed in to. */
    public val host: String get() = ffi.host

    /** The address of the other screen, as the host sees it. */
    public val ip: String? get() = ffi.ip

    /** Where the host takes the other screen to be. */
    public val location: String? get() = ffi.location

    /** What the other screen says that it is, which it can have made up. */
    public val userAgent: String? get() = ffi.userAgent

    /** When the code was made, by the host's clock. */
    public val createdAt: Instant? get() = ffi.createdAtEpochSeconds?.let(Instant::ofEpochSecond)

    /** When the code expires, by the host's clock. */
    public val expiresAt: Instant? get() = ffi.expiresAtEpochSeconds?.let(Instant::ofEpochSecond)

    /** Reasons to look twice. */
    public val risks: List<QrRisk> get() = ffi.risks

    /** The question to ask the user, in the [locale]'s language, or in English if there is none. */
    @JvmOverloads
    public fun question(locale: Locale = Locale.getDefault()): String {
        val messages = Messages.of(locale)
        // The data are in the alphabetical order of their names: account, place.
        val text = location?.let { messages.text("qr-question", account, it) } ?: messages.text("qr-question-unknown", account)
        return text ?: "Sign in as $account?"
    }

    override fun toString(): String = ffi.toString()
}

/** What to tell the user of this risk, in the [locale]'s language, or in English if there is none. */
@JvmOverloads
public fun QrRisk.userMessage(locale: Locale = Locale.getDefault()): String {
    val risk = name.lowercase(Locale.ROOT)
    return Messages.of(locale).text("qr-risk-$risk") ?: risk.replace('_', ' ')
}
