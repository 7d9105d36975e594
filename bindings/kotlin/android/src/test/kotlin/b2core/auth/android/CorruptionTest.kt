package b2core.auth.android

import b2core.auth.android.support.Device
import kotlinx.coroutines.runBlocking
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Records whose bytes are not those that were written. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class CorruptionTest {
    private val device = Device()
    private val store = device.store()

    @Test
    fun noChangedByteIsAccepted() = runBlocking {
        val good = record()
        for (index in good.indices) {
            val bad = good.clone()
            bad[index] = (bad[index].toInt() xor 1).toByte()
            assertRefused(bad, "byte $index of ${good.size}")
        }
        assertAccepted(good)
    }

    @Test
    fun noShorterOrLongerRecordIsAccepted() = runBlocking {
        val good = record()
        for (length in good.indices) assertRefused(good.copyOf(length), "the first $length bytes")
        assertRefused(good + 0, "a byte more")
        assertRefused(ByteArray(2 shl 20), "a large file of something else")
        assertAccepted(good)
    }

    @Test
    fun aRecordInThePlaceOfAnotherIsRefused() = runBlocking {
        store.save("a", "of a".toByteArray())
        val a = device.records.single()
        store.save("b", "of b".toByteArray())
        val b = device.records.single { it != a }
        a.copyTo(b, overwrite = true)
        assertNull(store.load("b"))
        assertEquals(listOf(KeystoreFault.RECORD_CORRUPT), device.newFaults())
        assertContentEquals("of a".toByteArray(), store.load("a"))
    }

    @Test
    fun aNameThatWasChangedInTheRecordIsRefused() = runBlocking {
        store.save("a", "of a".toByteArray())
        val a = device.records.single()
        val bytes = a.readBytes()
        store.save("b", "of b".toByteArray())
        val b = device.records.single { it != a }
        // As the one who swaps it would do it.
        bytes[NAME_AT] = 'b'.code.toByte()
        b.writeBytes(bytes)
        assertNull(store.load("b"))
        assertEquals(listOf(KeystoreFault.RECORD_CORRUPT), device.newFaults())
    }

    @Test
    fun onlyAFewAreKept() = runBlocking {
        for (round in 1..5) {
            store.save("a", byteArrayOf(1))
            device.records.single().writeBytes(byteArrayOf(round.toByte()))
            assertNull(store.load("a"))
        }
        assertEquals(listOf(4, 5), device.aside.map { it.readBytes().single().toInt() }, "the newest two")
        for (round in 1..80) {
            store.save("$round", byteArrayOf(1))
            device.records.single().writeBytes(byteArrayOf(0))
            assertNull(store.load("$round"))
        }
        assertEquals(64, device.aside.size)
    }

    @Test
    fun aSignOutLeavesNothingBehind() = runBlocking {
        val good = record()
        device.records.single().writeBytes(good.copyOf(good.size - 1))
        assertNull(store.load(NAME))
        device.newFaults()
        device.aside.single().writeBytes(good)
        store.remove(NAME)
        assertEquals(0, device.aside.size)
        assertEquals(0, store.restoreQuarantined())
        assertNull(store.load(NAME))
    }

    @Test
    fun aDamagedNoteOfTheKeyCostsNoRecord() = runBlocking {
        val key = device.folder.resolve("key")
        for (damage in listOf("", "x", "../../etc", "0".repeat(32))) {
            store.save("before", byteArrayOf(1))
            key.writeText(damage)
            store.save("after", byteArrayOf(2))
            assertContentEquals(byteArrayOf(1), store.load("before"))
            assertContentEquals(byteArrayOf(2), store.load("after"))
        }
        assertEquals(emptyList(), device.newFaults())
    }

    private suspend fun record(): ByteArray {
        store.save(NAME, SECRET)
        return device.records.single().readBytes()
    }

    private suspend fun assertRefused(bytes: ByteArray, what: String) {
        store.save(NAME, SECRET)
        device.records.single().writeBytes(bytes)
        assertNull(store.load(NAME), what)
        val fault = device.newFaults().single()
        assertTrue(fault == KeystoreFault.RECORD_CORRUPT || fault == KeystoreFault.KEY_MISSING, what)
        assertEquals(0, device.records.size, what)
        assertContentEquals(bytes, device.aside.last().readBytes(), what)
        assertEquals(emptySet(), store.names().toSet(), what)
    }

    private suspend fun assertAccepted(bytes: ByteArray) {
        store.save(NAME, byteArrayOf(0))
        device.records.single().writeBytes(bytes)
        assertContentEquals(SECRET, store.load(NAME))
    }

    private companion object {
        const val NAME = "session"
        const val NAME_AT = 4 + 1 + 16 + 2
        val SECRET = "access and refresh token".toByteArray()
    }
}
