package b2core.auth

import b2core.auth.ffi.AuthState as FfiState
import b2core.auth.ffi.StateChange as FfiChange

/** Whether a user is signed in. It prints without the account. */
public sealed interface AuthState {
    /** Nobody is signed in. */
    public data object SignedOut : AuthState

    /** The [account] with this e-mail is signed in. */
    public data class SignedIn(public val account: String) : AuthState {
        override fun toString(): String = "SignedIn(..)"
    }

    /**
     * The [account] with this e-mail is signed in, but the host refuses to refresh its session. The access token may still
     * be usable for a while; then the user has to sign in again.
     */
    public data class ReauthenticationRequired(public val account: String) : AuthState {
        override fun toString(): String = "ReauthenticationRequired(..)"
    }

    /** The store cannot be read now. It does not mean "signed out". */
    public data object Unavailable : AuthState
}

/** The new [state] and its [reason]; [health] says whether host and store could be reached when they were last needed. */
public data class StateChange(
    public val state: AuthState,
    public val reason: StateReason,
    public val health: Health = Health.HEALTHY,
)

internal fun FfiChange.wrapped(): StateChange = StateChange(state.wrapped(), reason, health)

private fun FfiState.wrapped(): AuthState = when (this) {
    is FfiState.SignedOut -> AuthState.SignedOut
    is FfiState.SignedIn -> AuthState.SignedIn(account)
    is FfiState.ReauthenticationRequired -> AuthState.ReauthenticationRequired(account)
    is FfiState.Unavailable -> AuthState.Unavailable
}
