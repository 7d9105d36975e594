package b2core.auth.android

import java.io.ByteArrayOutputStream
import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.IOException

/**
 * A record as it lies in its file. Everything before the ciphertext is authenticated with it, so no field can be changed and no
 * record can take the place of another.
 *
 * | bytes | what |
 * | --- | --- |
 * | 4 | `B2KS` |
 * | 1 | the version of the format: 1 |
 * | 16 | the id of the key |
 * | 2 + n | the record's name: its length, UTF-8 |
 * | 12 | the initialisation vector |
 * | rest | AES-256-GCM: the ciphertext, a tag of 16 bytes |
 */
internal class SealedRecord private constructor(
    val keyId: KeyId,
    val name: String,
    val iv: ByteArray,
    /** The bytes before the ciphertext. */
    val header: ByteArray,
    val ciphertext: ByteArray,
) {
    fun bytes(): ByteArray = header + ciphertext

    companion object {
        const val IV_LENGTH = 12
        const val TAG_LENGTH = 16
        private const val VERSION = 1
        private const val LONGEST_NAME = 8 * 1024
        private val MAGIC = "B2KS".toByteArray()

        fun header(keyId: KeyId, name: String, iv: ByteArray): ByteArray {
            val utf8 = name.toByteArray()
            require(utf8.size <= LONGEST_NAME) { "the name of a record is too long" }
            check(iv.size == IV_LENGTH) { "an unexpected length of the initialisation vector" }
            val bytes = ByteArrayOutputStream()
            DataOutputStream(bytes).apply {
                write(MAGIC)
                writeByte(VERSION)
                write(keyId.bytes())
                writeShort(utf8.size)
                write(utf8)
                write(iv)
            }
            return bytes.toByteArray()
        }

        /** The fields of these bytes; null if they are no record of this format. */
        fun parse(bytes: ByteArray): SealedRecord? = try {
            val input = bytes.inputStream()
            DataInputStream(input).run {
                val magic = ByteArray(MAGIC.size).also(::readFully)
                val version = readUnsignedByte()
                val keyId = ByteArray(KeyId.LENGTH).also(::readFully)
                val length = readUnsignedShort()
                if (!magic.contentEquals(MAGIC) || version != VERSION || length > LONGEST_NAME) return null
                val name = ByteArray(length).also(::readFully)
                val iv = ByteArray(IV_LENGTH).also(::readFully)
                val rest = input.available()
                if (rest < TAG_LENGTH) return null
                val start = bytes.size - rest
                SealedRecord(
                    KeyId.of(keyId), String(name), iv,
                    bytes.copyOfRange(0, start), bytes.copyOfRange(start, bytes.size),
                )
            }
        } catch (_: IOException) {
            null
        }
    }
}

/** The id of a key, random and public. It is part of the key's alias, so another device or another key has another one. */
internal data class KeyId(val hex: String) {
    fun bytes(): ByteArray = ByteArray(LENGTH) { hex.substring(2 * it, 2 * it + 2).toInt(16).toByte() }

    companion object {
        const val LENGTH = 16
        private val SHAPE = Regex("[0-9a-f]{${2 * LENGTH}}")

        fun of(bytes: ByteArray): KeyId = KeyId(bytes.hex())

        fun random(): KeyId = of(ByteArray(LENGTH).also { java.security.SecureRandom().nextBytes(it) })

        /** The id that this text is; null if it is none. */
        fun parse(text: String): KeyId? = text.takeIf { SHAPE.matches(it) }?.let(::KeyId)
    }
}

internal fun ByteArray.hex(): String = joinToString("") { "%02x".format(java.util.Locale.ROOT, it) }
