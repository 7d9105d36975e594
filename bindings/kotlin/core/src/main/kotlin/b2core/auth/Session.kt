package b2core.auth

import java.time.Instant
import b2core.auth.ffi.Session as FfiSession

/**
 * A signed-in account: its token, and the way out.
 *
 * [close] frees the tokens in memory now rather than at the next garbage collection; the session is kept in the store
 * all the same. [signOut] is what ends it.
 */
public class Session internal constructor(private val ffi: FfiSession) : AutoCloseable {
    /** The office that was signed in to. */
    public val office: Office get() = ffi.office()

    /** The e-mail that signed in. */
    public val account: String get() = ffi.account()

    /** The host's id of the client, where it told. */
    public val clientId: String? get() = ffi.clientId()

    /** True if both tokens are past their time by this device's clock: only a new sign-in helps. */
    public val hasEnded: Boolean get() = ffi.hasEnded()

    /** The access token's end by the host's clock, if told. */
    public val accessExpiresAt: Instant? get() = ffi.accessExpiresAtEpochSeconds()?.let(Instant::ofEpochSecond)

    /** The refresh token's end by the host's clock, if told. */
    public val refreshExpiresAt: Instant? get() = ffi.refreshExpiresAtEpochSeconds()?.let(Instant::ofEpochSecond)

    /** A token that can be used now; one that is about to end is renewed first. Do not keep it: ask again. */
    public suspend fun accessToken(): AccessToken = AccessToken(settled { ffi.accessToken(it) })

    /** Renews the tokens now. */
    public suspend fun refresh(): Unit = settled { ffi.refresh(it) }

    /** Signs out: tokens and pending step are removed here first, then the host is told. */
    public suspend fun signOut(): SignedOut = SignedOut(settled { ffi.signOut(it) })

    override fun close(): Unit = ffi.close()

    override fun toString(): String = "Session($office)"
}
