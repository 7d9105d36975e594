package b2core.auth

/**
 * The square of a QR code, for an app to draw: [side] modules in each direction, each dark or light. It includes the light margin
 * that scanners need; draw it on a light ground, also in a dark theme. It is as secret as the payload, so printing it shows nothing.
 */
public class QrMatrix internal constructor(private val modules: ByteArray) {
    /** How many modules each side has, with the margin. */
    public val side: Int = Math.sqrt(modules.size.toDouble()).toInt()

    /** True for a dark module; [x] and [y] count from the upper left corner, from zero. Everything outside is light. */
    public fun isDark(x: Int, y: Int): Boolean = x in 0 until side && y in 0 until side && modules[y * side + x].toInt() != 0

    /** All modules, row by row: true for a dark one. */
    public fun rows(): List<BooleanArray> = List(side) { y -> BooleanArray(side) { x -> isDark(x, y) } }

    override fun toString(): String = "QrMatrix(..)"
}
