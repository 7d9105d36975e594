package b2core.auth

import b2core.auth.ffi.MethodOption as FfiOffer
import b2core.auth.ffi.SignedOut as FfiSignedOut

/** A method that the client may use, and the [caption] to show for it, where the host gave one in its language. */
public class MethodOption internal constructor(ffi: FfiOffer) {
    public val method: TwoFactorMethod = ffi.method
    public val caption: String? = ffi.caption

    /** The method only: a caption can name the client's phone. */
    override fun toString(): String = "MethodOption($method)"
}

/** Nobody is signed in here any more. */
public class SignedOut internal constructor(ffi: FfiSignedOut) {
    /** Whose session it was; null if only a sign-in was pending. */
    public val account: String? = ffi.account

    /** Whether the host has revoked the tokens. */
    public val revocation: RevocationStatus = ffi.revocation

    /** The stable name of what kept the host from being told, such as `unreachable`, if anything did. */
    public val cause: String? = ffi.cause

    override fun toString(): String = "SignedOut(revocation=$revocation)"
}

/**
 * An access token, to be put into a request and forgotten. It is no plain `String`, because strings find their way
 * into logs: printing this shows nothing, and only [value] shows it. Tokens come from a [Session]; one is made by hand only
 * to name the token of a request that was refused.
 */
public class AccessToken(
    /** The token, to be sent as `Authorization: Bearer …`. */
    public val value: String,
) {
    override fun toString(): String = "AccessToken(..)"
}
