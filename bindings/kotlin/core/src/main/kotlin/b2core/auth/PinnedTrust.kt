package b2core.auth

import java.net.Socket
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.cert.CertificateException
import java.security.cert.X509Certificate
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLEngine
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509ExtendedTrustManager

/** The host is trusted, but its certificate leads to none of the pinned keys. */
internal class PinMismatch : CertificateException("the certificate leads to none of the pinned keys")

/** Another trust, host names and all, and then the pins. */
internal class PinnedTrust(
    private val trust: X509ExtendedTrustManager,
    private val pins: CertificatePins,
) : X509ExtendedTrustManager() {
    override fun checkServerTrusted(chain: Array<X509Certificate>, authType: String, engine: SSLEngine?) {
        trust.checkServerTrusted(chain, authType, engine)
        check(chain)
    }

    override fun checkServerTrusted(chain: Array<X509Certificate>, authType: String, socket: Socket?) {
        trust.checkServerTrusted(chain, authType, socket)
        check(chain)
    }

    override fun checkServerTrusted(chain: Array<X509Certificate>, authType: String) {
        trust.checkServerTrusted(chain, authType)
        check(chain)
    }

    override fun checkClientTrusted(chain: Array<X509Certificate>, authType: String, engine: SSLEngine?): Unit =
        trust.checkClientTrusted(chain, authType, engine)

    override fun checkClientTrusted(chain: Array<X509Certificate>, authType: String, socket: Socket?): Unit =
        trust.checkClientTrusted(chain, authType, socket)

    override fun checkClientTrusted(chain: Array<X509Certificate>, authType: String): Unit =
        trust.checkClientTrusted(chain, authType)

    override fun getAcceptedIssuers(): Array<X509Certificate> = trust.acceptedIssuers

    private fun check(chain: Array<X509Certificate>) {
        val holds = when (pins.at()) {
            PinsNow.IGNORED -> true
            PinsNow.REFUSED -> false
            PinsNow.IN_FORCE -> leadsToPin(chain)
        }
        if (!holds) throw PinMismatch()
    }

    /**
     * Follows the signatures from the host's own certificate. A certificate that was only sent along does not count: anybody can send
     * that of a well-known issuer.
     */
    private fun leadsToPin(chain: Array<X509Certificate>): Boolean {
        val roots = trust.acceptedIssuers.toList()
        val issuers = chain.drop(1).filter { it.basicConstraints >= 0 } + roots
        val seen = mutableSetOf<X509Certificate>()
        var reached = listOf(chain.first())
        while (reached.isNotEmpty()) {
            if (reached.any { it in pins }) return true
            seen += reached
            reached = issuers.filter { issuer -> issuer !in seen && reached.any { it.isSignedBy(issuer) } }
        }
        return false
    }

    private fun X509Certificate.isSignedBy(issuer: X509Certificate): Boolean =
        issuer.subjectX500Principal == issuerX500Principal && try {
            verify(issuer.publicKey)
            true
        } catch (_: GeneralSecurityException) {
            false
        }

    companion object {
        /** TLS with the trust of this store, or the platform's, and these pins. */
        fun context(pins: CertificatePins, trustStore: KeyStore?): SSLContext {
            val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
            factory.init(trustStore)
            val trust = factory.trustManagers.filterIsInstance<X509ExtendedTrustManager>().single()
            return SSLContext.getInstance("TLS").apply { init(null, arrayOf(PinnedTrust(trust, pins)), null) }
        }
    }
}
