package b2core.auth.android

import java.io.File
import java.io.FileOutputStream
import java.io.IOException
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardOpenOption.READ
import java.security.MessageDigest

/**
 * The files of a store: one a record, named by a hash of the record's name, which can be long and contain slashes. A file is
 * replaced as a whole or not at all. What cannot be opened is moved to `quarantine`.
 */
internal class RecordFolder(private val root: File) {
    private val quarantine = File(root, "quarantine")
    private val locks = File(root, "locks")
    private val keyFile = File(root, "key")
    private val lock = FolderLock(File(root, "lock"))

    /** Makes the folder, if it is not there. */
    @Throws(IOException::class)
    fun prepare() {
        for (folder in listOf(root, quarantine, locks)) Files.createDirectories(folder.toPath())
    }

    /** One writer at a time. Within it, the same thread can call what takes the lock too. */
    fun <T> locked(work: () -> T): T = lock.withLock(work)

    /** The bytes of this record; null if there are none. */
    @Throws(IOException::class)
    fun read(name: String): ByteArray? = read(record(name))

    @Throws(IOException::class)
    fun write(name: String, bytes: ByteArray): Unit = locked { replace(record(name), bytes) }

    /** Removes the record and what was moved aside of it: a sign-out leaves nothing behind. */
    @Throws(IOException::class)
    fun remove(name: String): Unit = locked {
        for (file in aside(name) + record(name)) Files.deleteIfExists(file.toPath())
        sync(root)
    }

    /** The bytes of all records. */
    @Throws(IOException::class)
    fun all(): List<ByteArray> = list(root).filter { it.name.endsWith(RECORD) }.mapNotNull(::read)

    /** Moves this record aside, if it still has these bytes; false if it has been written anew. */
    @Throws(IOException::class)
    fun quarantine(name: String, bytes: ByteArray): Boolean = locked {
        val file = record(name)
        if (read(file)?.contentEquals(bytes) != true) return@locked false
        quarantine(file)
        true
    }

    /** Moves all records aside and forgets the key in use. */
    @Throws(IOException::class)
    fun setAllAside(): Unit = locked {
        list(root).filter { it.name.endsWith(RECORD) }.forEach(::quarantine)
        Files.deleteIfExists(keyFile.toPath())
        sync(root)
    }

    /** Moves those records back that are missing and that [opens], the newest of each; returns how many. */
    @Throws(IOException::class)
    fun bringBack(opens: (ByteArray) -> Boolean): Int = locked {
        list(quarantine).sortedByDescending { it.name }.count { file ->
            val record = File(root, file.name.substringAfter('-'))
            val isBack = !record.exists() && read(file)?.let(opens) == true
            if (isBack) move(file, record)
            isBack
        }
    }

    /** The id of the key that seals new records; null if there is none, or the file says nothing. */
    @Throws(IOException::class)
    fun currentKey(): KeyId? = read(keyFile)?.let { KeyId.parse(String(it)) }

    @Throws(IOException::class)
    fun setCurrentKey(id: KeyId): Unit = locked { replace(keyFile, id.hex.toByteArray()) }

    /** The file whose lock is the lock of this name between processes. */
    fun lockFile(name: String): File = File(locks, hash(name))

    private fun record(name: String) = File(root, hash(name) + RECORD)

    private fun aside(name: String) = list(quarantine).filter { it.name.endsWith("-" + hash(name) + RECORD) }

    private fun quarantine(file: File) {
        val all = list(quarantine).sortedBy { it.name }
        val last = all.lastOrNull()?.name?.substringBefore('-')?.toLongOrNull() ?: 0
        move(file, File(quarantine, "%012d-%s".format(java.util.Locale.ROOT, last + 1, file.name)))
        val ofIt = all.filter { it.name.endsWith("-" + file.name) }
        val tooMany = ofIt.dropLast(MOST_OF_ONE - 1) + all.dropLast(MOST - 1)
        for (old in tooMany.distinct()) Files.deleteIfExists(old.toPath())
    }

    private fun read(file: File): ByteArray? = try {
        val size = Files.size(file.toPath())
        // Nothing here is nearly as large. Of a file that is, the beginning is enough to see that it is no record.
        if (size > LARGEST) ByteArray(0) else Files.readAllBytes(file.toPath())
    } catch (_: NoSuchFileException) {
        null
    }

    /** A temporary file, synced, takes the place of this one, and the folder is synced. One writer at a time, so it has one name. */
    private fun replace(file: File, bytes: ByteArray) {
        val new = File(root, file.name + ".new")
        try {
            FileOutputStream(new).use {
                it.write(bytes)
                it.fd.sync()
            }
            move(new, file)
        } catch (e: IOException) {
            new.delete()
            throw e
        }
    }

    private fun move(from: File, to: File) {
        Files.move(from.toPath(), to.toPath(), ATOMIC_MOVE)
        sync(to.parentFile!!)
        if (from.parentFile != to.parentFile) sync(from.parentFile!!)
    }

    /** Not every file system can sync a folder. What was moved is there all the same, unless the power fails this moment. */
    private fun sync(folder: File) {
        try {
            FileChannel.open(folder.toPath(), READ).use { it.force(true) }
        } catch (_: IOException) {
        }
    }

    private fun list(folder: File): List<File> =
        folder.listFiles()?.toList() ?: throw IOException("the folder of the records cannot be read")

    private fun hash(name: String) = MessageDigest.getInstance("SHA-256").digest(name.toByteArray()).hex()

    private companion object {
        const val RECORD = ".record"
        const val LARGEST = 1L shl 20
        const val MOST_OF_ONE = 2
        const val MOST = 64
    }
}
