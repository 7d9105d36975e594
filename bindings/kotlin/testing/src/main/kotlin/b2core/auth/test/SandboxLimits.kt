package b2core.auth.test

import b2core.auth.test.ffi.SandboxLimits as FfiLimits

/**
 * How many attempts an account has from one address in one window before the host blocks it. The defaults are the vendor's; of
 * [qr] the vendor says nothing.
 *
 * A client has a limiter of its own, which keeps to the vendor's numbers: see `AuthClient.Settings.limits`.
 *
 * @property signIn sign-ins, in either office.
 * @property refresh refreshes, in either office.
 * @property codeCheck code checks of the front office.
 * @property mailedCode code checks of the back office.
 * @property qr calls of QR sign-in of a kind.
 * @property windowSeconds the length of the window.
 * @property blockSeconds how long a block lasts.
 */
public data class SandboxLimits @JvmOverloads constructor(
    public val signIn: Int = 5,
    public val refresh: Int = 5,
    public val codeCheck: Int = 5,
    public val mailedCode: Int = 3,
    public val qr: Int = 30,
    public val windowSeconds: Int = 60,
    public val blockSeconds: Int = 600,
) {
    init {
        val all = listOf(signIn, refresh, codeCheck, mailedCode, qr, windowSeconds, blockSeconds)
        require(all.all { it >= 0 }) { "a limit is a number from 0 up" }
    }

    internal fun ffi(): FfiLimits = FfiLimits(
        signIn = signIn.toUInt(),
        refresh = refresh.toUInt(),
        codeCheck = codeCheck.toUInt(),
        mailedCode = mailedCode.toUInt(),
        qr = qr.toUInt(),
        windowSeconds = windowSeconds.toUInt(),
        blockSeconds = blockSeconds.toUInt(),
    )
}
