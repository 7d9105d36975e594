package b2core.auth

import b2core.auth.ffi.Offer as FfiOffer
import b2core.auth.ffi.SignedOut as FfiSignedOut

/** A method that the client may use, and the [caption] to show for it, where the host gave one in its language. */
public class Offer internal constructor(ffi: FfiOffer) {
    public val method: TwoFactorMethod = ffi.method
    public val caption: String? = ffi.caption

    /** The method only: a caption can name the client's phone. */
    override fun toString(): String = "Offer($method)"
}

/** Nobody is signed in here any more. */
public class SignedOut internal constructor(ffi: FfiSignedOut) {
    /** Whose session it was; null if only a sign-in was pending. */
    public val account: String? = ffi.account

    /** True if the host has revoked the tokens; otherwise they live on until they expire. */
    public val revoked: Boolean = ffi.revoked

    override fun toString(): String = "SignedOut(revoked=$revoked)"
}

/**
 * An access token, to be put into a request and forgotten. It is no plain `String`, because strings find their way
 * into logs: printing this shows nothing, and only [value] shows it.
 */
public class AccessToken internal constructor(
    /** The token, to be sent as `Authorization: Bearer …`. */
    public val value: String,
) {
    override fun toString(): String = "AccessToken(..)"
}
