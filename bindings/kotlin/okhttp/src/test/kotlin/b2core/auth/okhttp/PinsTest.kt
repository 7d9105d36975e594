package b2core.auth.okhttp

import b2core.auth.AfterExpiry
import b2core.auth.AuthClient
import b2core.auth.AuthException
import b2core.auth.CertificatePins
import b2core.auth.HttpRequest
import b2core.auth.NetworkProblem
import b2core.auth.Office
import b2core.auth.SignInStep
import b2core.auth.support.MapStore
import kotlinx.coroutines.runBlocking
import mockwebserver3.MockResponse
import mockwebserver3.MockWebServer
import okhttp3.CertificatePinner
import okhttp3.OkHttpClient
import okhttp3.tls.HandshakeCertificates
import okhttp3.tls.HeldCertificate
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import java.net.InetAddress
import java.time.Duration
import java.time.Instant
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** Pinned keys in the transport on OkHttp: our authority and a second one, both trusted. */
class PinsTest {
    private val server = MockWebServer()
    private val ours = HeldCertificate.Builder().commonName("ours").certificateAuthority(0).build()
    private val second = HeldCertificate.Builder().commonName("second").certificateAuthority(0).build()

    @AfterEach
    fun stop(): Unit = server.close()

    @Test
    fun aPinnedKeyIsEnoughWhereverItStands() {
        val leaf = serve(ours)
        for (pin in listOf(pinOf(leaf), pinOf(ours))) {
            server.enqueue(MockResponse(body = "yes"))
            assertEquals("yes", send(transport(CertificatePins(listOf(pin, NOBODY)))))
        }
    }

    @Test
    fun otherKeysAreAPinMismatchBeforeAnythingIsSent() {
        serve(ours)
        assertEquals(NetworkProblem.PIN_MISMATCH, problem(CertificatePins(listOf(NOBODY, NOBODY_ELSE))))
        assertEquals(0, server.requestCount)
    }

    @Test
    fun aSecondAuthorityThatIsTrustedIsAPinMismatch() {
        serve(second)
        assertEquals(NetworkProblem.PIN_MISMATCH, problem(CertificatePins(listOf(pinOf(ours), NOBODY))))
        assertEquals(0, server.requestCount)
    }

    @Test
    fun expiredPinsAreIgnoredOrRefusedAsChosen() {
        val leaf = serve(ours)
        val (past, future) = listOf(Instant.EPOCH, Instant.now().plus(Duration.ofDays(1)))
        val wrong = listOf(NOBODY, NOBODY_ELSE)
        val right = listOf(pinOf(leaf), NOBODY)
        assertEquals(NetworkProblem.PIN_MISMATCH, problem(CertificatePins(wrong, future)))
        assertEquals(NetworkProblem.PIN_MISMATCH, problem(CertificatePins(right, past, AfterExpiry.REFUSE)))
        assertEquals(0, server.requestCount)
        for (pins in listOf(CertificatePins(wrong, past), CertificatePins(right, future, AfterExpiry.REFUSE))) {
            server.enqueue(MockResponse(body = "yes"))
            assertEquals("yes", send(transport(pins)))
        }
    }

    @Test
    fun anotherNameIsAFailureOfTlsAsBefore() {
        val leaf = serve(ours, name = "elsewhere.example")
        assertEquals(NetworkProblem.TLS, problem(CertificatePins(listOf(pinOf(leaf), pinOf(ours)))))
    }

    @Test
    fun theHelperGivesOkHttpsOwnPins() {
        val pins = CertificatePins(listOf(pinOf(ours), NOBODY), Instant.EPOCH.plusSeconds(10), AfterExpiry.REFUSE)
        val before = pins.certificatePinner("broker.example", Instant.EPOCH)
        val found = before.findMatchingPins("broker.example").map { it.toString().substringAfterLast(' ') }
        assertEquals(setOf(pinOf(ours), NOBODY), found.toSet())
        assertFailsWith<IllegalStateException> { pins.certificatePinner("broker.example") }
        val ignored = CertificatePins(pins.pins, Instant.EPOCH).certificatePinner("broker.example")
        assertEquals(emptyList(), ignored.findMatchingPins("broker.example"))
    }

    private fun pinOf(held: HeldCertificate) = CertificatePinner.pin(held.certificate)

    /** Serves with a certificate that this authority has signed. */
    private fun serve(issuer: HeldCertificate, name: String = "localhost"): HeldCertificate {
        val leaf = HeldCertificate.Builder().addSubjectAlternativeName(name).signedBy(issuer).build()
        val keys = HandshakeCertificates.Builder().heldCertificate(leaf).build()
        server.useHttps(keys.sslSocketFactory())
        server.start(InetAddress.getLoopbackAddress(), 0)
        return leaf
    }

    private fun transport(pins: CertificatePins): OkHttpTransport {
        val trust = HandshakeCertificates.Builder()
            .addTrustedCertificate(ours.certificate)
            .addTrustedCertificate(second.certificate)
            .build()
        val client = OkHttpClient.Builder().sslSocketFactory(trust.sslSocketFactory(), trust.trustManager).build()
        return OkHttpTransport(client, certificatePins = pins)
    }

    private val url get() = "https://localhost:${server.port}"

    private fun send(transport: OkHttpTransport): String = runBlocking {
        transport.send(HttpRequest("GET", url, emptyList(), null)).body.decodeToString()
    }

    private fun problem(pins: CertificatePins): NetworkProblem = runBlocking {
        val client = AuthClient(url, MapStore()) { transport = transport(pins) }
        val start = client.signIn(Office.FRONT).current as SignInStep.Start
        assertFailsWith<AuthException.Network> { start.open() }.problem
    }

    private companion object {
        /** Pins of keys that nobody here has. */
        const val NOBODY = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        const val NOBODY_ELSE = "sha256/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
    }
}
