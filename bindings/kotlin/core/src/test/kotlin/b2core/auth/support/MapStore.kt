package b2core.auth.support

import b2core.auth.AppSessionStore
import java.util.concurrent.ConcurrentHashMap

/** A store in Kotlin, and what a test can make of it. */
class MapStore : AppSessionStore() {
    val records = ConcurrentHashMap<String, ByteArray>()

    /** Locked like a device. */
    @Volatile
    var locked: Boolean = false

    /** What happens to a call that touches this name. */
    @Volatile
    var fault: (String) -> Unit = {}

    override suspend fun load(name: String): ByteArray? {
        touch("load $name")
        return records[name]
    }

    override suspend fun save(name: String, data: ByteArray) {
        touch("save $name")
        records[name] = data
    }

    override suspend fun remove(name: String) {
        touch("remove $name")
        records.remove(name)
    }

    private fun touch(what: String) {
        if (locked) unavailable()
        fault(what)
    }
}
