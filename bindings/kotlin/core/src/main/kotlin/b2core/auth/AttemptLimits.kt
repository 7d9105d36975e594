package b2core.auth

import b2core.auth.ffi.AttemptLimits as FfiLimits

/**
 * The limits of the rate limiter: how many attempts an account has in one window before the host blocks it. The attempt that would
 * cause the block is not sent. 0 means no limit. The defaults are the vendor's.
 *
 * @throws IllegalArgumentException if a number is negative.
 */
public data class AttemptLimits @JvmOverloads constructor(
    /** Sign-ins. */
    public val signIn: Int = 5,
    /** Code checks of the front office. */
    public val codeCheck: Int = 5,
    /** Code checks of the back office. */
    public val mailedCode: Int = 3,
    /** Token refreshes. */
    public val refresh: Int = 5,
    /** The length of the window in seconds. */
    public val windowSeconds: Int = 60,
    /** How long a block lasts in seconds, if the host does not say. */
    public val blockSeconds: Int = 600,
) {
    init {
        val numbers = listOf(signIn, codeCheck, mailedCode, refresh, windowSeconds, blockSeconds)
        require(numbers.all { it >= 0 }) { "no limit is negative" }
    }

    @JvmSynthetic
    internal fun ffi(): FfiLimits = FfiLimits(
        signIn = signIn.toUInt(),
        codeCheck = codeCheck.toUInt(),
        mailedCode = mailedCode.toUInt(),
        refresh = refresh.toUInt(),
        windowSeconds = windowSeconds.toUInt(),
        blockSeconds = blockSeconds.toUInt(),
    )
}
