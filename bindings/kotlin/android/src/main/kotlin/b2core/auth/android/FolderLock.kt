package b2core.auth.android

import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * One writer at a time in a folder, of all threads and processes. It is held for a moment, and the system frees it when its process
 * dies.
 */
internal class FolderLock(private val file: File) {
    fun <T> withLock(work: () -> T): T {
        val key = file.canonicalPath
        // A thread of this process waits here: a second lock of one process on a file throws.
        val threads = locks.getOrPut(key) { ReentrantLock() }
        return threads.withLock {
            if (threads.holdCount > 1) return@withLock work() // This very thread holds it already.
            RandomAccessFile(file, "rw").use { open ->
                open.channel.lock() // Closing the file gives it back.
                work()
            }
        }
    }

    private companion object {
        val locks = ConcurrentHashMap<String, ReentrantLock>()
    }
}

/** A lock on a file that is held until it is given back or its process dies. */
internal object FileLocks {
    private val held = ConcurrentHashMap<String, RandomAccessFile>()

    /**
     * Takes the lock; false if somebody holds it, in this process or another one.
     *
     * While this process holds it, the file must not even be opened again: closing any of its descriptors gives the lock back.
     */
    @Synchronized
    @Throws(IOException::class)
    fun tryLock(file: File): Boolean {
        val key = file.canonicalPath
        if (held.containsKey(key)) return false
        val open = RandomAccessFile(file, "rw")
        val lock = try {
            open.channel.tryLock()
        } catch (e: IOException) {
            open.close()
            throw e
        }
        if (lock == null) open.close() else held[key] = open
        return lock != null
    }

    @Synchronized
    fun unlock(file: File) {
        held.remove(file.canonicalPath)?.close()
    }
}
