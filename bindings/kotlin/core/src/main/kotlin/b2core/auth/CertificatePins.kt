package b2core.auth

import java.security.MessageDigest
import java.security.cert.X509Certificate
import java.time.Instant
import b2core.auth.ffi.AuthException as FfiException
import b2core.auth.ffi.CertificatePins as FfiPins

/** What becomes of [CertificatePins] that have expired. */
public typealias AfterExpiry = b2core.auth.ffi.AfterExpiry

/** Whether [CertificatePins] hold at a point in time. */
public typealias PinsNow = b2core.auth.ffi.PinsNow

/**
 * The keys of which one has to be in the host's chain of certificates: the SHA-256 of each `SubjectPublicKeyInfo`. They only ever
 * narrow: the certificate is first checked as without pins.
 *
 * ```
 * val pins = CertificatePins(listOf("sha256/…", "sha256/…"), Instant.parse("2027-06-30T00:00:00Z"))
 * ```
 *
 * Two different pins are needed at least, one of a key that is kept in reserve: otherwise nobody could connect on the day on which the
 * host has to change its key. The HTTP client that is built in takes them by [AuthClient.Settings.certificatePins], [JavaHttpTransport] by
 * [JavaHttpTransport.pinned], the transport on OkHttp by its constructor. What they refuse is [NetworkProblem.PIN_MISMATCH].
 *
 * @param pins such as `sha256/BASE64`, as OkHttp writes them, or `sha256//BASE64`, as curl does. They are no secrets.
 * @param expiresAt when they stop holding; null for never. An app that is not updated meets a host that has changed its keys.
 * @param afterExpiry what becomes of them then.
 * @throws IllegalArgumentException if a text is no pin, or if there are fewer than two different ones.
 */
public class CertificatePins @JvmOverloads constructor(
    pins: Collection<String>,
    expiresAt: Instant? = null,
    afterExpiry: AfterExpiry = AfterExpiry.IGNORE,
) {
    @get:JvmSynthetic
    internal val ffi: FfiPins = try {
        FfiPins(pins.toList(), expiresAt?.epochSecond, afterExpiry)
    } catch (e: FfiException.Setup) {
        throw IllegalArgumentException(e.problem, e)
    }

    /** The pins, as OkHttp writes them. */
    public val pins: List<String> = ffi.pins()

    /** Whether they hold at this time. */
    @JvmOverloads
    public fun at(now: Instant = Instant.now()): PinsNow = ffi.at(now.epochSecond)

    /** True if the key of this certificate is one of them. It says nothing of whether the certificate is to be trusted. */
    public operator fun contains(certificate: X509Certificate): Boolean =
        ffi.contains(MessageDigest.getInstance("SHA-256").digest(certificate.publicKey.encoded))

    override fun toString(): String = "CertificatePins(${pins.joinToString()})"
}
