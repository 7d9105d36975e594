package b2core.auth

import b2core.auth.ffi.MethodOption as FfiMethodOption
import b2core.auth.ffi.SignedOut as FfiSignedOut

/** A two-factor method that the client can choose, and the host's [caption] for it, if there is one. */
public class MethodOption internal constructor(ffi: FfiMethodOption) {
    public val method: TwoFactorMethod = ffi.method
    public val caption: String? = ffi.caption

    /** The method only: a caption can contain the client's phone number. */
    override fun toString(): String = "MethodOption($method)"
}

/** The result of a sign-out. Nobody is signed in on this device any more. */
public class SignedOut internal constructor(ffi: FfiSignedOut) {
    /** The e-mail of the account that was signed in; null if only a sign-in was pending. */
    public val account: String? = ffi.account

    /** Whether the host has revoked the tokens. */
    public val revocation: RevocationStatus = ffi.revocation

    /** The code of the error that prevented the revocation, such as `unreachable`; null if there was none. */
    public val cause: String? = ffi.cause

    override fun toString(): String = "SignedOut(revocation=$revocation)"
}

/**
 * An access token. It is no plain `String`, because strings end up in logs: only [value] shows the token, printing does
 * not. Tokens come from a [Session]. Make one yourself only to pass a rejected token to [Session.replaceRejectedToken].
 */
public class AccessToken(
    /** The token, to be sent as `Authorization: Bearer …`. */
    public val value: String,
) {
    override fun toString(): String = "AccessToken(..)"
}
