package b2core.auth.support

import b2core.auth.AppSessionStore
import java.util.concurrent.ConcurrentHashMap

/** A store in Kotlin, which every flavour of the native library has. */
class MapStore : AppSessionStore() {
    private val records = ConcurrentHashMap<String, ByteArray>()

    /** Locked like a device. */
    @Volatile
    var isLocked: Boolean = false

    override suspend fun load(name: String): ByteArray? = unlocked { records[name] }

    override suspend fun save(name: String, data: ByteArray): Unit = unlocked { records[name] = data }

    override suspend fun remove(name: String): Unit = unlocked { records.remove(name) }

    override suspend fun names(): Collection<String> = unlocked { records.keys }

    private fun <T> unlocked(work: () -> T): T = if (isLocked) unavailable() else work()
}
