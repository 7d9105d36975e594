package b2core.auth.okhttp

import b2core.auth.CertificatePins
import b2core.auth.PinsNow
import okhttp3.CertificatePinner
import java.io.IOException
import java.time.Instant
import javax.net.ssl.SSLPeerUnverifiedException

/**
 * These pins as OkHttp's, for a client of the app's own: `builder.certificatePinner(pins.certificatePinner("broker.example"))`. OkHttp knows
 * no expiry, so it counts as it is at [now]: pins that are ignored by then are none.
 *
 * @param host the host's name, or a pattern of OkHttp's such as `**.broker.example`.
 * @throws IllegalStateException if the pins have expired and are not to be ignored.
 */
@JvmOverloads
public fun CertificatePins.certificatePinner(host: String, now: Instant = Instant.now()): CertificatePinner =
    when (at(now)) {
        PinsNow.IN_FORCE -> CertificatePinner.Builder().add(host, *pins.toTypedArray()).build()
        PinsNow.IGNORED -> CertificatePinner.DEFAULT
        PinsNow.REFUSED -> error("the certificate pins have expired")
    }

/** OkHttp has no exception of its own for it, and none for a wrong host name either. */
internal fun IOException.isPinMismatch(): Boolean =
    this is SSLPeerUnverifiedException && message.orEmpty().startsWith("Certificate pinning failure!")
