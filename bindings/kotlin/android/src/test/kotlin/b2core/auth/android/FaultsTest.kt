package b2core.auth.android

import android.security.KeyStoreException
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.UserNotAuthenticatedException
import b2core.auth.android.support.Device
import b2core.auth.android.support.FakeKeystore
import b2core.auth.android.support.assertUnavailable
import kotlinx.coroutines.runBlocking
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.IOException
import java.security.InvalidKeyException
import java.security.ProviderException
import java.security.UnrecoverableKeyException
import javax.crypto.IllegalBlockSizeException
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Each cause for which a record cannot be opened or sealed: what passes changes nothing, what lasts loses no bytes. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class FaultsTest {
    private val device = Device()
    private val store = device.store()
    private val names = listOf("session", "pending sign-in", "attempts", "revocations")

    private fun saveAll() = runBlocking { for (name in names) store.save(name, name.toByteArray()) }

    @Test
    fun anInvalidatedKeyCostsEachRecordOnce() = runBlocking {
        val invalid = listOf<Pair<String, () -> Throwable>>(
            "use" to { KeyPermanentlyInvalidatedException("gone") },
            "getKey" to { UnrecoverableKeyException("User changed or deleted their auth credentials") },
        )
        for ((where, failure) in invalid) {
            saveAll()
            val dead = FakeKeystore.keys.keys.toSet()
            FakeKeystore.fault = { call, alias -> if (call == where && alias in dead) throw failure() }
            assertNull(store.load("session"))
            assertEquals(KeystoreFault.KEY_INVALIDATED, store.lastFault)
            assertEquals((names - "session").toSet(), store.names().toSet())
            store.save("session", "anew".toByteArray())
            for (name in names - "session") assertNull(store.load(name), name)
            assertEquals(List(5) { KeystoreFault.KEY_INVALIDATED }, device.newFaults(), "each record, and the write")
            assertContentEquals("anew".toByteArray(), device.store().load("session"))
            assertEquals(1, FakeKeystore.keys.keys.count { it !in dead }, "one new key")
            for (name in names) store.remove(name)
            assertEquals(emptyList(), device.aside)
        }
    }

    @Test
    fun anotherKeyUnderTheAliasOpensNothing() = runBlocking {
        saveAll()
        val alias = FakeKeystore.keys.keys.single()
        val real = FakeKeystore.keys.replace(alias, ByteArray(32))!!
        for (name in names) assertNull(store.load(name))
        assertEquals(List(4) { KeystoreFault.RECORD_CORRUPT }, device.newFaults())
        assertEquals(0, device.records.size)
        FakeKeystore.keys[alias] = real
        assertEquals(4, store.restoreQuarantined())
        for (name in names) assertContentEquals(name.toByteArray(), store.load(name))
    }

    @Test
    fun aVerdictThatIsNotRepeatedCostsNothing() = runBlocking {
        saveAll()
        var times = 1
        val verdict = UnrecoverableKeyException("User changed or deleted their auth credentials")
        FakeKeystore.fault = { call, _ -> if (call == "getKey" && times-- > 0) throw verdict }
        assertAllThere()
        assertEquals(emptyList(), device.newFaults())
    }

    /** Each verdict is about other bytes: the record was written anew in between. */
    @Test
    fun aRecordThatWasJustWrittenIsNotGivenUpForTheOneBefore() = runBlocking {
        val store = device.store()
        store.save("session/a", "old".toByteArray())
        val verdict = UnrecoverableKeyException("User changed or deleted their auth credentials")
        val again: (String, String) -> Unit = { call, _ ->
            if (call == "getKey") {
                FakeKeystore.fault = { _, _ -> }
                throw verdict
            }
        }
        FakeKeystore.fault = { call, _ ->
            if (call == "getKey") {
                FakeKeystore.fault = { _, _ -> }
                runBlocking { device.store().save("session/a", "new".toByteArray()) }
                FakeKeystore.fault = again
                throw verdict
            }
        }
        assertContentEquals("new".toByteArray(), store.load("session/a"))
        assertEquals(1, device.records.size)
    }

    @Test
    fun aBackupWithoutItsKeyIsRecognised() = runBlocking {
        saveAll()
        val old = HashMap(FakeKeystore.keys)
        FakeKeystore.install() // The files are on another device now.
        assertNull(store.load("session"))
        store.save("session", "of this device".toByteArray())
        assertNull(store.load("attempts"))
        assertEquals(List(2) { KeystoreFault.KEY_MISSING }, device.newFaults())
        assertEquals(2, device.aside.size)
        assertTrue(FakeKeystore.keys.keys.none { it in old }, "no alias is used twice")
        // The key was only out of reach: what is missing comes back, what is newer stays.
        FakeKeystore.keys.putAll(old)
        assertEquals(1, store.restoreQuarantined())
        assertContentEquals("attempts".toByteArray(), store.load("attempts"))
        assertContentEquals("of this device".toByteArray(), store.load("session"))
        assertContentEquals("revocations".toByteArray(), store.load("revocations"), "under the old key")
    }

    @Test
    fun aDeviceThatWasNotUnlockedYetIsUnavailable() = runBlocking {
        saveAll()
        device.setUnlocked(false)
        assertNothingHappens(KeystoreFault.DEVICE_LOCKED)
        assertUnavailable { store.names() }
        assertUnavailable { store.remove("session") }
        assertUnavailable { store.processLock.tryLock("session") }
        device.setUnlocked(true)
        assertAllThere()
    }

    @Test
    fun aUserWhoHasToAuthenticateFirstIsNotSignedOut() = runBlocking {
        saveAll()
        FakeKeystore.fault = { call, _ -> if (call == "use") throw UserNotAuthenticatedException() }
        assertNothingHappens(KeystoreFault.USER_NOT_AUTHENTICATED)
        FakeKeystore.fault = { _, _ -> }
        assertAllThere()
    }

    @Test
    fun aKeystoreThatFailsForTheMomentCostsNothing() = runBlocking {
        saveAll()
        val failures = listOf<() -> Throwable>(
            { ProviderException("keystore daemon") },
            { java.security.KeyStoreException("binder") },
            { UnrecoverableKeyException("failed to obtain information about key") },
            { InvalidKeyException("Keystore operation failed") },
            { IOException("keystore") },
            { IllegalStateException("not initialized") },
            { NullPointerException() },
        )
        for (where in listOf("load", "getKey", "use")) {
            for (failure in failures) {
                FakeKeystore.fault = { call, _ -> if (call == where) throw failure() }
                assertNothingHappens(KeystoreFault.KEYSTORE_FAILED)
            }
        }
        FakeKeystore.fault = { _, _ -> }
        assertAllThere()
    }

    @Test
    fun aKeyThatCannotBeMadeNowIsMadeLater() = runBlocking {
        FakeKeystore.fault = { call, _ -> if (call == "generate") throw ProviderException("keystore daemon") }
        assertUnavailable { store.save("session", byteArrayOf(1)) }
        assertEquals(listOf(KeystoreFault.KEYSTORE_FAILED), device.newFaults())
        FakeKeystore.fault = { _, _ -> }
        store.save("session", byteArrayOf(1))
        assertContentEquals(byteArrayOf(1), store.load("session"))
    }

    @Test
    fun aKeystoreThatNeverWorksAgainCanBeGivenUp() = runBlocking {
        saveAll()
        val broken = FakeKeystore.keys.keys.toSet()
        FakeKeystore.fault = { _, alias -> if (alias in broken) throw ProviderException("for good") }
        assertNothingHappens(KeystoreFault.KEYSTORE_FAILED)
        store.startOver()
        assertEquals(4, device.aside.size)
        for (name in names) assertNull(store.load(name))
        store.save("session", byteArrayOf(1))
        assertContentEquals(byteArrayOf(1), store.load("session"))
        assertUnavailable { store.restoreQuarantined() }
        assertEquals(4, device.aside.size)
    }

    @Test
    fun aListenerThatThrowsStopsNothing() = runBlocking {
        val store = device.store { onFault = { error("of the app") } }
        store.save("a", byteArrayOf(1))
        device.records.single().writeBytes(ByteArray(100))
        assertNull(store.load("a"))
        assertEquals(KeystoreFault.RECORD_CORRUPT, store.lastFault)
    }

    @Test
    fun theNumbersOfNewerSystemsAreKnown() {
        fun wrapped(code: Int) = IllegalBlockSizeException().apply { initCause(KeyStoreException(code, "")) }
        assertEquals(KeystoreFault.USER_NOT_AUTHENTICATED, causeOf(wrapped(KEY_USER_NOT_AUTHENTICATED)))
        assertEquals(KeystoreFault.KEY_MISSING, causeOf(wrapped(KEY_NOT_FOUND)))
        assertEquals(KeystoreFault.KEYSTORE_FAILED, causeOf(wrapped(SYSTEM_ERROR)))
        assertEquals(KeystoreFault.DEVICE_LOCKED, causeOf(wrapped(UNINITIALIZED)))
    }

    /** Reading and writing are unavailable for this reason, and neither files nor keys change. */
    private suspend fun assertNothingHappens(fault: KeystoreFault) {
        fun files() = device.folder.walk().filter { it.isFile }.associate { it.path to it.readBytes().toList() }
        val before = files()
        val keys = FakeKeystore.keys.keys.toSet()
        device.newFaults()
        for (name in names) assertUnavailable { store.load(name) }
        assertUnavailable { store.save("session", byteArrayOf(1)) }
        assertEquals(List(names.size + 1) { fault }, device.newFaults())
        assertEquals(fault, store.lastFault)
        assertEquals(before, files())
        assertEquals(keys, FakeKeystore.keys.keys.toSet())
    }

    private suspend fun assertAllThere() {
        for (name in names) assertContentEquals(name.toByteArray(), store.load(name))
        assertEquals(0, device.aside.size)
    }

    private companion object {
        const val KEY_USER_NOT_AUTHENTICATED = -26
        const val KEY_NOT_FOUND = 7
        const val SYSTEM_ERROR = 4
        const val UNINITIALIZED = 3
    }
}
