package b2core.auth

import b2core.auth.ffi.Recovery as FfiRecovery

/** What to do next, after an [AuthException]. */
public sealed interface Recovery {
    /** Retry the same call, after [afterSeconds] if there is a wait. */
    public data class Retry(public val afterSeconds: Long?) : Recovery

    /** Too many attempts: wait for [seconds], then ask the user again. */
    public data class Wait(public val seconds: Long) : Recovery

    /** Ask the user for the same input again. */
    public data object AskUser : Recovery

    /** Begin a new sign-in. */
    public data object Restart : Recovery

    /** The user has to sign in again. */
    public data object SignInAgain : Recovery

    /** Somebody else has signed in, or the sign-in has moved on: get the session or the step anew, and go on with that. */
    public data object Reload : Recovery

    /** Nothing that the user can fix: report it. */
    public data object Report : Recovery
}

internal fun FfiRecovery.wrapped(): Recovery = when (this) {
    is FfiRecovery.Retry -> Recovery.Retry(afterSeconds)
    is FfiRecovery.Wait -> Recovery.Wait(seconds)
    FfiRecovery.AskUser -> Recovery.AskUser
    FfiRecovery.Restart -> Recovery.Restart
    FfiRecovery.SignInAgain -> Recovery.SignInAgain
    FfiRecovery.Reload -> Recovery.Reload
    FfiRecovery.Report -> Recovery.Report
}
