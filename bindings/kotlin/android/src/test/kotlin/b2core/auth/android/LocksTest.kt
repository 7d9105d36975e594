package b2core.auth.android

import b2core.auth.android.support.Device
import kotlinx.coroutines.runBlocking
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.File
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** The lock between processes, with real ones. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class LocksTest {
    private val device = Device()
    private val lock = device.store().processLock

    @Test
    fun oneHolderAName() = runBlocking {
        assertTrue(lock.tryLock("a"))
        assertFalse(lock.tryLock("a"))
        assertFalse(device.store().processLock.tryLock("a"))
        assertTrue(lock.tryLock("b"))
        lock.unlock("a")
        lock.unlock("a")
        assertTrue(device.store().processLock.tryLock("a"))
        lock.unlock("a")
        lock.unlock("b")
    }

    @Test
    fun aDeadProcessHoldsNothing() = runBlocking {
        assertTrue(lock.tryLock("a"))
        lock.unlock("a")
        val file = File(device.folder, "locks").listFiles()!!.single()
        val other = Other(file)
        try {
            assertEquals("true", other.answer())
            assertFalse(lock.tryLock("a"))
        } finally {
            other.kill()
        }
        assertTrue(lock.tryLock("a"))
        lock.unlock("a")
    }

    @Test
    fun askingAgainDoesNotGiveItBack() = runBlocking {
        assertTrue(lock.tryLock("a"))
        assertFalse(lock.tryLock("a"))
        val file = File(device.folder, "locks").listFiles()!!.single()
        val other = Other(file)
        try {
            assertEquals("false", other.answer())
        } finally {
            other.kill()
        }
        lock.unlock("a")
    }

    /** Another process of the app, which tries to take this lock and then goes on living. */
    private class Other(file: File) {
        private val process = ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp", System.getProperty("java.class.path"), LockHolder::class.java.name, file.path,
        ).redirectError(ProcessBuilder.Redirect.INHERIT).start()

        fun answer(): String? = process.inputStream.bufferedReader().readLine()

        fun kill() {
            process.destroyForcibly().waitFor()
        }
    }
}

/** The other process. */
object LockHolder {
    @JvmStatic
    fun main(args: Array<String>) {
        println(FileLocks.tryLock(File(args[0])))
        Thread.currentThread().join()
    }
}
