package b2core.auth.android.support

import android.security.keystore.KeyGenParameterSpec
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/** The Keystore of a device: its keys are in memory, and used by the real cipher. */
object FakeKeystore {
    val keys = ConcurrentHashMap<String, ByteArray>()

    /** What keys were asked for, in order. */
    val specs = CopyOnWriteArrayList<KeyGenParameterSpec>()

    /** The threads that have called it. */
    val threads: MutableSet<Thread> = ConcurrentHashMap.newKeySet()

    /** What a call does before it does anything else: `load`, `getKey`, `generate`, `use` of an alias. */
    @Volatile
    var fault: (call: String, alias: String) -> Unit = { _, _ -> }

    /** What making a key does, with what was asked for. */
    @Volatile
    var onGenerate: (KeyGenParameterSpec) -> Unit = {}

    /** A new device. */
    fun install() {
        keys.clear()
        specs.clear()
        threads.clear()
        fault = { _, _ -> }
        onGenerate = {}
        Security.removeProvider(NAME)
        Security.addProvider(FakeProvider())
    }

    fun called(call: String, alias: String = "") {
        threads += Thread.currentThread()
        fault(call, alias)
    }

    const val NAME = "AndroidKeyStore"
}

class FakeProvider : Provider(FakeKeystore.NAME, "1.0", "") {
    init {
        put("KeyStore.AndroidKeyStore", FakeKeyStoreSpi::class.java.name)
        put("KeyGenerator.AES", FakeKeyGeneratorSpi::class.java.name)
    }
}

/** Fails when it is used, as keys of the real Keystore do: its users take the bytes as the first thing. */
private class FakeKey(private val alias: String, private val bytes: ByteArray) : SecretKey {
    override fun getAlgorithm() = "AES"

    override fun getFormat() = "RAW"

    override fun getEncoded(): ByteArray {
        FakeKeystore.called("use", alias)
        return bytes
    }
}

class FakeKeyGeneratorSpi : KeyGeneratorSpi() {
    private lateinit var spec: KeyGenParameterSpec

    override fun engineInit(random: SecureRandom?): Unit = error("not for the Keystore")

    override fun engineInit(size: Int, random: SecureRandom?): Unit = error("not for the Keystore")

    override fun engineInit(params: AlgorithmParameterSpec, random: SecureRandom?) {
        spec = params as KeyGenParameterSpec
    }

    override fun engineGenerateKey(): SecretKey {
        FakeKeystore.specs += spec
        FakeKeystore.called("generate", spec.keystoreAlias)
        FakeKeystore.onGenerate(spec)
        val bytes = ByteArray(spec.keySize / 8).also { SecureRandom().nextBytes(it) }
        FakeKeystore.keys[spec.keystoreAlias] = bytes
        return FakeKey(spec.keystoreAlias, bytes)
    }
}

class FakeKeyStoreSpi : KeyStoreSpi() {
    override fun engineLoad(stream: InputStream?, password: CharArray?) = FakeKeystore.called("load")

    override fun engineGetKey(alias: String, password: CharArray?): Key? {
        FakeKeystore.called("getKey", alias)
        return FakeKeystore.keys[alias]?.let { SecretKeySpec(it, "AES") }?.let { FakeKey(alias, it.encoded) }
    }

    override fun engineDeleteEntry(alias: String) {
        FakeKeystore.keys.remove(alias)
    }

    override fun engineContainsAlias(alias: String) = alias in FakeKeystore.keys.keys

    override fun engineAliases(): Enumeration<String> = Collections.enumeration(FakeKeystore.keys.keys)

    override fun engineSize() = FakeKeystore.keys.size

    override fun engineIsKeyEntry(alias: String) = engineContainsAlias(alias)

    override fun engineIsCertificateEntry(alias: String) = false

    override fun engineGetCertificate(alias: String): Certificate? = null

    override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

    override fun engineGetCertificateAlias(certificate: Certificate?): String? = null

    override fun engineGetCreationDate(alias: String): Date? = null

    override fun engineSetKeyEntry(a: String, key: Key, p: CharArray?, c: Array<Certificate>?) = unsupported()

    override fun engineSetKeyEntry(a: String, key: ByteArray, c: Array<Certificate>?) = unsupported()

    override fun engineSetCertificateEntry(a: String, certificate: Certificate?) = unsupported()

    override fun engineStore(stream: OutputStream?, password: CharArray?) = unsupported()

    private fun unsupported(): Nothing = throw UnsupportedOperationException()
}
