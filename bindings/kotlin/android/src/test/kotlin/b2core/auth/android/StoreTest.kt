package b2core.auth.android

import android.app.KeyguardManager
import android.content.Context
import android.content.ContextWrapper
import android.os.Looper
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import b2core.auth.android.support.Device
import b2core.auth.android.support.FakeKeystore
import b2core.auth.android.support.assertUnavailable
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.security.ProviderException
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What the store does where nothing goes wrong, what keys it asks for, and on which threads. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class StoreTest {
    private val device = Device()
    private val name = "session/ann@example.com/" + "a long name: ".repeat(100)

    @Test
    fun recordsOutliveTheStore() = runBlocking {
        assertNull(device.store().load(name))
        assertEquals(emptySet(), device.store().names().toSet())
        device.store().save(name, "first".toByteArray())
        device.store().save(name, "second".toByteArray())
        device.store().save("empty", ByteArray(0))
        assertContentEquals("second".toByteArray(), device.store().load(name))
        assertContentEquals(ByteArray(0), device.store().load("empty"))
        assertEquals(setOf(name, "empty"), device.store().names().toSet())
        device.store().remove(name)
        device.store().remove(name)
        assertNull(device.store().load(name))
        assertEquals(setOf("empty"), device.store().names().toSet())
        assertNull(device.store().apply { load(name) }.lastFault)
        assertEquals(emptyList(), device.newFaults())
        assertEquals(1, FakeKeystore.keys.size)
    }

    @Test
    fun filesShowNothing() = runBlocking {
        device.store().save("a", "plain text".toByteArray())
        val first = device.records.single().readBytes()
        assertTrue("plain text" !in String(first, Charsets.ISO_8859_1))
        device.store().save("a", "plain text".toByteArray())
        val second = device.records.single().readBytes()
        assertNotEquals(first.toList(), second.toList(), "an initialisation vector of its own")
        assertTrue(device.folder.path.startsWith(device.app.noBackupFilesDir.path))
        assertEquals(emptyList(), device.folder.list().orEmpty().filter { it.endsWith(".new") })
    }

    @Test
    fun storesOfAnotherNameShareNothing() = runBlocking {
        device.store().save("a", byteArrayOf(1))
        val other = device.store { name = "other" }
        assertNull(other.load("a"))
        other.save("a", byteArrayOf(2))
        assertContentEquals(byteArrayOf(1), device.store().load("a"))
        assertEquals(2, FakeKeystore.keys.size)
    }

    @Test
    fun theKeyIsForThisDeviceAlone() = runBlocking {
        device.store().save("a", byteArrayOf(1))
        val spec = FakeKeystore.specs.single()
        assertTrue(spec.keystoreAlias.startsWith("b2core.auth.sessions."))
        assertEquals(256, spec.keySize)
        assertEquals(listOf(KeyProperties.BLOCK_MODE_GCM), spec.blockModes.toList())
        assertTrue(spec.isStrongBoxBacked && spec.isRandomizedEncryptionRequired)
        assertTrue(!spec.isUserAuthenticationRequired && !spec.isUnlockedDeviceRequired)
    }

    @Test
    fun aDeviceWithoutStrongBoxHasAKeyAllTheSame() = runBlocking {
        for (failure in listOf(StrongBoxUnavailableException(), ProviderException("of the secure element"))) {
            FakeKeystore.install()
            FakeKeystore.onGenerate = { if (it.isStrongBoxBacked) throw failure }
            val store = device.store { directory = Files.createTempDirectory("store").toFile() }
            store.save("a", byteArrayOf(1))
            assertEquals(listOf(true, false), FakeKeystore.specs.map { it.isStrongBoxBacked })
            assertContentEquals(byteArrayOf(1), store.load("a"))
        }
        FakeKeystore.install()
        device.store { strongBox = false; name = "without" }.save("a", byteArrayOf(1))
        assertEquals(listOf(false), FakeKeystore.specs.map { it.isStrongBoxBacked })
    }

    @Test
    fun theKeyCanBeBoundToTheUser() = runBlocking {
        val store = device.store { protection = KeyProtection.UserAuthentication(Duration.ofMinutes(5)) }
        assertUnavailable { store.save("a", byteArrayOf(1)) }
        assertEquals(listOf(KeystoreFault.USER_NOT_AUTHENTICATED), device.newFaults(), "no screen lock")
        assertEquals(0, FakeKeystore.specs.size)
        shadowOf(device.app.getSystemService(KeyguardManager::class.java)).setIsDeviceSecure(true)
        store.save("a", byteArrayOf(1))
        val spec = FakeKeystore.specs.single()
        assertTrue(spec.isUserAuthenticationRequired)
        assertEquals(300, spec.userAuthenticationValidityDurationSeconds)
        val by = KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL
        assertEquals(by, spec.userAuthenticationType)
        assertFailsWith<IllegalArgumentException> { KeyProtection.UserAuthentication(Duration.ofMillis(999)) }
        Unit
    }

    @Test
    fun nothingWaitsOnTheMainThread() = runBlocking {
        assertEquals(Looper.getMainLooper().thread, Thread.currentThread())
        val threads = ConcurrentHashMap.newKeySet<Thread>()
        val context = object : ContextWrapper(device.app) {
            override fun getApplicationContext() = this

            override fun getNoBackupFilesDir(): File = super.getNoBackupFilesDir().also { threads += Thread.currentThread() }

            override fun getSystemService(name: String): Any? {
                threads += Thread.currentThread()
                return super.getSystemService(name)
            }
        }
        val settings = KeystoreSettings().apply { onFault = { threads += Thread.currentThread() } }
        val store = KeystoreSessionStore(context, settings)
        assertEquals(emptySet(), threads.toSet() + FakeKeystore.threads, "the constructor does nothing")
        store.save("a", byteArrayOf(1))
        store.load("a")
        store.names()
        store.processLock.tryLock("a")
        store.processLock.unlock("a")
        device.records.single().writeBytes(byteArrayOf(1))
        store.load("a")
        store.restoreQuarantined()
        store.startOver()
        store.remove("a")
        assertEquals(KeystoreFault.RECORD_CORRUPT, store.lastFault)
        assertTrue(threads.isNotEmpty() && FakeKeystore.threads.isNotEmpty())
        assertTrue(Thread.currentThread() !in threads + FakeKeystore.threads)
    }

    @Test
    fun manyFirstWritersShareOneKey() = runBlocking {
        val all = (1..32).map { device.store() to "record $it" }
        all.map { (store, name) -> async(Dispatchers.IO) { store.save(name, name.toByteArray()) } }.awaitAll()
        assertEquals(1, FakeKeystore.specs.size)
        for ((store, name) in all) assertContentEquals(name.toByteArray(), store.load(name))
    }

    @Test
    fun aFullDiskKeepsWhatWasThere() = runBlocking {
        val store = device.store()
        store.save("a", "old".toByteArray())
        val new = File(device.folder, device.records.single().name + ".new")
        Files.createSymbolicLink(new.toPath(), File("/dev/full").toPath())
        val failure = assertFailsWith<IOException> { store.save("a", "new".toByteArray()) }
        assertTrue("No space left" in failure.message.orEmpty(), failure.message)
        assertEquals(listOf(KeystoreFault.STORAGE_FAILED), device.newFaults())
        assertContentEquals("old".toByteArray(), store.load("a"))
        store.save("a", "new".toByteArray())
        assertContentEquals("new".toByteArray(), store.load("a"))
    }

    @Test
    fun aKeyThatCannotBeNotedIsNotLeftBehind() = runBlocking {
        val store = device.store()
        store.names()
        Files.createSymbolicLink(File(device.folder, "key.new").toPath(), File("/dev/full").toPath())
        assertFailsWith<IOException> { store.save("a", byteArrayOf(1)) }
        assertEquals(emptySet<String>(), FakeKeystore.keys.keys.toSet())
        store.save("a", byteArrayOf(1))
        assertEquals(1, FakeKeystore.keys.size)
    }

    @Test
    fun whatCannotBeUsedIsRefused() {
        for (bad in listOf("", "a/b", "..", "ü", "a".repeat(41))) {
            assertFailsWith<IllegalArgumentException>(bad) { device.store { name = bad } }
        }
        val protectedContext: Context = device.app.createDeviceProtectedStorageContext()
        val alone = object : ContextWrapper(protectedContext) {
            override fun getApplicationContext(): Context = protectedContext
        }
        assertFailsWith<IllegalArgumentException> { KeystoreSessionStore(alone) }
        assertEquals("KeystoreSessionStore", device.store().toString())
    }
}
