package b2core.auth.android

import java.io.IOException
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * Seals and opens records under keys of the Android Keystore. Each key has an alias of its own, which no other key ever gets: making
 * a key overwrites none, so a key that was only out of reach can come back.
 *
 * The folder says which key seals new records; each record says which one opens it.
 */
internal class KeyVault(
    private val aliases: String,
    private val keys: KeyMaker,
    private val folder: RecordFolder,
    private val report: (KeystoreFault) -> Unit,
) {
    /** Seals this record. If the key in use is lost for good, a new one takes its place. */
    @Throws(KeystoreTrouble::class, IOException::class)
    fun seal(name: String, data: ByteArray): ByteArray {
        val inUse = folder.currentKey()
        return try {
            seal(key(inUse) ?: replacementOf(inUse), name, data)
        } catch (e: KeystoreTrouble) {
            if (!e.fault.isLasting) throw e
            report(e.fault)
            seal(replacementOf(inUse), name, data)
        }
    }

    /** Opens what was sealed under this name. */
    @Throws(KeystoreTrouble::class)
    fun open(name: String, bytes: ByteArray): ByteArray {
        val record = SealedRecord.parse(bytes)?.takeIf { it.name == name }
            ?: throw KeystoreTrouble(KeystoreFault.RECORD_CORRUPT)
        val key = key(record.keyId) ?: throw KeystoreTrouble(KeystoreFault.KEY_MISSING)
        return keystore {
            val cipher = Cipher.getInstance(TRANSFORMATION)
            cipher.init(Cipher.DECRYPT_MODE, key.secret, GCMParameterSpec(8 * SealedRecord.TAG_LENGTH, record.iv))
            cipher.updateAAD(record.header)
            cipher.doFinal(record.ciphertext)
        }
    }

    private fun seal(key: Key, name: String, data: ByteArray): ByteArray = keystore {
        val cipher = Cipher.getInstance(TRANSFORMATION)
        // The Keystore chooses the initialisation vector.
        cipher.init(Cipher.ENCRYPT_MODE, key.secret)
        val header = SealedRecord.header(key.id, name, cipher.iv)
        cipher.updateAAD(header)
        header + cipher.doFinal(data)
    }

    /** A key to use instead of this one: that of another process, if one has been as fast, or a new one. */
    private fun replacementOf(lost: KeyId?): Key = folder.locked {
        val now = folder.currentKey()
        (if (now == lost) null else key(now)) ?: make()
    }

    private fun make(): Key {
        val id = KeyId.random()
        val secret = keystore { keys.make(alias(id)) }
        try {
            folder.setCurrentKey(id)
        } catch (e: IOException) {
            keystore { keystore().deleteEntry(alias(id)) } // Nothing was sealed under it.
            throw e
        }
        return Key(id, secret)
    }

    /** The key of this id; null only if the Keystore says that there is none. */
    private fun key(id: KeyId?): Key? {
        if (id == null) return null
        val secret = keystore { keystore().getKey(alias(id), null) as SecretKey? }
        return secret?.let { Key(id, it) }
    }

    private fun keystore(): KeyStore = KeyStore.getInstance(KEYSTORE).apply { load(null) }

    private fun alias(id: KeyId) = "$aliases.${id.hex}"

    private class Key(val id: KeyId, val secret: SecretKey)

    companion object {
        const val KEYSTORE = "AndroidKeyStore"
        private const val TRANSFORMATION = "AES/GCM/NoPadding"
    }
}
