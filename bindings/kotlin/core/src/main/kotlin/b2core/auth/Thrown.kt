package b2core.auth

/**
 * What the app's own code threw while this library called it, by a number that goes through the native library in its place and
 * comes back with the error of whoever asked.
 *
 * One failure may be the answer to many callers, so nothing is removed when it is found. The newest ones are kept; an error whose
 * exception is gone by then has no cause.
 */
internal object Thrown {
    const val MOST = 64

    private val kept = object : LinkedHashMap<Long, Throwable>() {
        override fun removeEldestEntry(eldest: Map.Entry<Long, Throwable>): Boolean = size > MOST
    }
    private var last = 0L

    @Synchronized
    fun keep(e: Throwable): Long {
        last++
        kept[last] = e
        return last
    }

    @Synchronized
    fun find(number: Long): Throwable? = kept[number]
}
