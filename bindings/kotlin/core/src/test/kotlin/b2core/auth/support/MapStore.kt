package b2core.auth.support

import b2core.auth.AppSessionStore
import b2core.auth.ProcessLock
import java.time.Instant
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration

/** A store in Kotlin, and what a test can make of it. */
class MapStore : AppSessionStore() {
    val records = ConcurrentHashMap<String, ByteArray>()

    /** Locked like a device. */
    @Volatile
    var locked: Boolean = false

    /** What happens to a call that touches this name. */
    @Volatile
    var fault: (String) -> Unit = {}

    /** A lock between processes, if the store has one. */
    override var processLock: ProcessLock? = null

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

    override suspend fun names(): Collection<String> {
        touch("names")
        return records.keys
    }

    /**
     * Makes all stored sessions older by this duration, for clients that have not read them yet. The clocks of clients cannot
     * be set from here.
     */
    fun age(by: Duration) {
        val then = Instant.now().minusMillis(by.inWholeMilliseconds)
        records.replaceAll { name, data ->
            if (!name.startsWith("session/")) return@replaceAll data
            val session = data.drop(HEAD).toByteArray().decodeToString()
            val aged = session.replace(Regex(""""received_at":"[^"]*""""), """"received_at":"$then"""")
                .replace(Regex(""""received_since_boot":\{[^}]*}"""), """"received_since_boot":null""")
            check(aged != session)
            data.take(HEAD).toByteArray() + aged.toByteArray()
        }
    }

    private fun touch(what: String) {
        if (locked) unavailable()
        fault(what)
    }

    private companion object {
        /** The length of what precedes a record's JSON: the format and the session id. */
        const val HEAD = 9
    }
}
