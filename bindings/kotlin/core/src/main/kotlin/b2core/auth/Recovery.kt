package b2core.auth

import b2core.auth.ffi.Recovery as FfiRecovery

/** What to do next, after an [AuthException]. */
public sealed interface Recovery {
    /** Do the same again, [afterSeconds] from now if there is a wait. */
    public data class Retry(public val afterSeconds: Long?) : Recovery

    /** Too many attempts: wait for so many [seconds], then ask the user again. */
    public data class Wait(public val seconds: Long) : Recovery

    /** Ask the user for the same input again. */
    public data object AskUser : Recovery

    /** Begin the sign-in anew. */
    public data object Restart : Recovery

    /** The session is over: sign in. */
    public data object SignInAgain : Recovery

    /** Nothing that the user can mend. */
    public data object Report : Recovery
}

internal fun FfiRecovery.wrapped(): Recovery = when (this) {
    is FfiRecovery.Retry -> Recovery.Retry(afterSeconds)
    is FfiRecovery.Wait -> Recovery.Wait(seconds)
    FfiRecovery.AskUser -> Recovery.AskUser
    FfiRecovery.Restart -> Recovery.Restart
    FfiRecovery.SignInAgain -> Recovery.SignInAgain
    FfiRecovery.Report -> Recovery.Report
}
