package b2core.auth

import b2core.auth.support.at
import b2core.auth.support.client
import b2core.auth.support.test
import com.sun.net.httpserver.HttpsConfigurator
import com.sun.net.httpserver.HttpsServer
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.net.InetAddress
import java.net.InetSocketAddress
import java.nio.file.Path
import java.security.KeyStore
import java.security.MessageDigest
import java.security.cert.X509Certificate
import java.time.Instant
import java.util.Base64
import java.util.concurrent.atomic.AtomicInteger
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** Pinned keys, and the JDK's transport that holds hosts to them: our authority and a second one, both trusted. */
class PinsTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun whatCannotBePinnedIsRefused() {
        for (pins in listOf(emptyList(), listOf(NOBODY), listOf(NOBODY, NOBODY), listOf(NOBODY, "sha256/x"))) {
            assertFailsWith<IllegalArgumentException>("$pins") { CertificatePins(pins) }
        }
        val curl = NOBODY.replace("/", "//")
        assertEquals(listOf(NOBODY, NOBODY_ELSE), CertificatePins(listOf(NOBODY_ELSE, curl)).pins)
    }

    @Test
    fun pinsHoldUntilTheyExpire() {
        val at = Instant.ofEpochSecond(100)
        for ((then, expected) in listOf(AfterExpiry.IGNORE to PinsNow.IGNORED, AfterExpiry.REFUSE to PinsNow.REFUSED)) {
            val pins = CertificatePins(listOf(NOBODY, NOBODY_ELSE), at, then)
            assertEquals(listOf(PinsNow.IN_FORCE, expected), listOf(pins.at(at.minusSeconds(1)), pins.at(at)))
        }
        assertEquals(PinsNow.IN_FORCE, CertificatePins(listOf(NOBODY, NOBODY_ELSE)).at(Instant.MAX))
    }

    @Test
    fun pinsThatNobodyWouldLookAtAreRefused() {
        val pins = CertificatePins(listOf(NOBODY, NOBODY_ELSE))
        val error = assertFailsWith<AuthException.Setup> {
            client("https://localhost") {
                transport = JavaHttpTransport()
                certificatePins = pins
            }
        }
        assertContains(error.problem, "pins")
    }

    @Test
    fun aKeyOfTheChainIsEnoughAndOthersAreAPinMismatch() {
        for (pin in listOf(pinOf("host"), pinOf("ours"))) served("host") { url, _ ->
            // What answers is no B2Core, but it was asked.
            assertFailsWith<AuthException.UnexpectedAnswer> { open(url, CertificatePins(listOf(pin, NOBODY))) }
        }
        for (pins in listOf(listOf(NOBODY, NOBODY_ELSE), listOf(pinOf("second"), NOBODY))) served("host") { url, requests ->
            assertEquals(NetworkProblem.PIN_MISMATCH, problem(url, CertificatePins(pins)))
            assertEquals(0, requests.get())
        }
    }

    @Test
    fun aCertificateThatIsOnlySentAlongDoesNotCount() = served("plain", along = "middle") { url, requests ->
        assertEquals(NetworkProblem.PIN_MISMATCH, problem(url, CertificatePins(listOf(pinOf("middle"), NOBODY))))
        assertEquals(0, requests.get())
        assertFailsWith<AuthException.UnexpectedAnswer> { open(url, CertificatePins(listOf(pinOf("second"), NOBODY))) }
    }

    @Test
    fun expiredPinsAreIgnoredOrRefusedAsChosen() = served("host") { url, requests ->
        val right = CertificatePins(listOf(pinOf("host"), NOBODY), Instant.EPOCH, AfterExpiry.REFUSE)
        assertEquals(NetworkProblem.PIN_MISMATCH, problem(url, right))
        assertEquals(0, requests.get())
        val wrong = CertificatePins(listOf(NOBODY, NOBODY_ELSE), Instant.EPOCH)
        assertFailsWith<AuthException.UnexpectedAnswer> { open(url, wrong) }
    }

    private fun open(url: String, pins: CertificatePins) = test {
        val pinned = JavaHttpTransport.pinned(pins, trustStore = trusted)
        client(url) { transport = pinned }.signIn(Office.FRONT).current.at<SignInStep.Start>().open()
    }

    private fun problem(url: String, pins: CertificatePins): NetworkProblem =
        assertFailsWith<AuthException.Network> { open(url, pins) }.problem

    /** Our authority with an issuer below it and a host; a second one with a host too. */
    private val keys: KeyStore by lazy {
        val authority = listOf("-ext", "bc:c")
        val host = listOf("-ext", "san=dns:localhost")
        keytool("-genkeypair", "-alias", "ours", "-dname", "CN=ours", authority)
        keytool("-genkeypair", "-alias", "second", "-dname", "CN=second", authority)
        keytool("-genkeypair", "-alias", "middle", "-dname", "CN=middle", authority + listOf("-signer", "ours"))
        keytool("-genkeypair", "-alias", "host", "-dname", "CN=host", host + listOf("-signer", "ours"))
        keytool("-genkeypair", "-alias", "plain", "-dname", "CN=plain", host + listOf("-signer", "second"))
        KeyStore.getInstance(file, SECRET)
    }

    private val trusted: KeyStore by lazy {
        KeyStore.getInstance("PKCS12").apply {
            load(null, null)
            listOf("ours", "second").forEach { setCertificateEntry(it, keys.certificate(it)) }
        }
    }

    private val file: File get() = folder.resolve("keys").toFile()

    private fun keytool(vararg words: Any) {
        val program = Path.of(System.getProperty("java.home"), "bin", "keytool").toString()
        val call = words.flatMap { if (it is List<*>) it.map(Any?::toString) else listOf("$it") } +
            listOf("-keyalg", "EC", "-keystore", file.path, "-storepass", String(SECRET))
        val made = ProcessBuilder(listOf(program) + call).redirectErrorStream(true).start()
        val said = made.inputStream.readAllBytes().decodeToString()
        assertTrue(made.waitFor() == 0, said)
    }

    private fun KeyStore.certificate(alias: String) = getCertificate(alias) as X509Certificate

    private fun pinOf(alias: String): String {
        val digest = MessageDigest.getInstance("SHA-256").digest(keys.certificate(alias).publicKey.encoded)
        return "sha256/" + Base64.getEncoder().encodeToString(digest)
    }

    /** A host with this key, which may send another certificate along, and how many requests it was sent. */
    private fun served(alias: String, along: String? = null, body: (String, AtomicInteger) -> Unit) {
        val sent = listOfNotNull(alias, along).map { keys.certificate(it) }.toTypedArray()
        // Other kinds of stores take no certificates that do not belong together.
        val only = KeyStore.getInstance("JKS").apply {
            load(null, null)
            setKeyEntry("host", keys.getKey(alias, SECRET), SECRET, sent)
        }
        val managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm())
        managers.init(only, SECRET)
        val tls = SSLContext.getInstance("TLS").apply { init(managers.keyManagers, null, null) }
        val server = HttpsServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
        val requests = AtomicInteger()
        server.httpsConfigurator = HttpsConfigurator(tls)
        server.createContext("/") { exchange ->
            requests.incrementAndGet()
            exchange.sendResponseHeaders(404, -1)
            exchange.close()
        }
        server.start()
        try {
            body("https://localhost:${server.address.port}", requests)
        } finally {
            server.stop(0)
        }
    }

    private companion object {
        val SECRET = "changeit".toCharArray()

        /** Pins of keys that nobody here has. */
        const val NOBODY = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        const val NOBODY_ELSE = "sha256/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
    }
}
