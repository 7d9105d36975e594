package b2core.auth

import b2core.auth.ffi.SignIn as FfiSignIn

/**
 * A sign-in. It owns the current step. After an error, a cancel or a lost answer, [current] is the step to go on from. The
 * step is saved to the store automatically once the host has accepted an answer.
 *
 * [close] frees the native object and changes nothing else: a saved step can be resumed, and the steps stay usable.
 * [abandon] is what ends a sign-in.
 */
public class SignIn internal constructor(private val ffi: FfiSignIn) : AutoCloseable {
    /** The office of this sign-in. */
    public val office: Office get() = ffi.office()

    /** The current step. */
    public val current: SignInStep get() = ffi.current().wrapped()

    /** Sets the e-mail before it is submitted, so that a lock-out of this account is known before a request is sent. */
    public fun setAccount(email: String): Unit = ffi.setAccount(email)

    /** Saves the pending step to the store now, so that another process can resume it. */
    public suspend fun save(): Unit = cancellable { ffi.save(it) }

    /** Abandons the sign-in: removes its pending step from the store. */
    public suspend fun abandon(): Unit = cancellable { ffi.abandon(it) }

    override fun close(): Unit = ffi.close()

    override fun toString(): String = "SignIn($office)"
}
