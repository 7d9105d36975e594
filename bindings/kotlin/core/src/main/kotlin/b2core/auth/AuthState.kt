package b2core.auth

import b2core.auth.ffi.AuthState as FfiState
import b2core.auth.ffi.StateChange as FfiChange

/** Whether somebody is signed in. It prints without the account. */
public sealed interface AuthState {
    /** Nobody. */
    public data object SignedOut : AuthState

    /** The [account] with this e-mail. */
    public data class SignedIn(public val account: String) : AuthState {
        override fun toString(): String = "SignedIn(..)"
    }

    /**
     * The [account] with this e-mail, but the host does not refresh its session any more: the token may still serve for a
     * while, then the user has to sign in.
     */
    public data class ReauthenticationRequired(public val account: String) : AuthState {
        override fun toString(): String = "ReauthenticationRequired(..)"
    }

    /** The store cannot say now. This is never "signed out". */
    public data object Unavailable : AuthState
}

/** A [state] from now on, and why. */
public data class StateChange(public val state: AuthState, public val reason: StateReason)

internal fun FfiChange.wrapped(): StateChange = StateChange(state.wrapped(), reason)

private fun FfiState.wrapped(): AuthState = when (this) {
    is FfiState.SignedOut -> AuthState.SignedOut
    is FfiState.SignedIn -> AuthState.SignedIn(account)
    is FfiState.ReauthenticationRequired -> AuthState.ReauthenticationRequired(account)
    is FfiState.Unavailable -> AuthState.Unavailable
}
