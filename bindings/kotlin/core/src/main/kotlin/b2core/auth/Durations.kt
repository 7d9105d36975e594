package b2core.auth

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** In whole seconds, rounded up, so that half a second does not become none. Negative ones become zero. */
internal fun Duration.wholeSeconds(): UInt {
    val whole = inWholeSeconds
    val up = if (whole.seconds < this) whole + 1 else whole
    return up.coerceIn(0L, UInt.MAX_VALUE.toLong()).toUInt()
}
