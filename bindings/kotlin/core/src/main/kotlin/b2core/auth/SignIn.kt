package b2core.auth

import b2core.auth.ffi.SignIn as FfiSignIn

/**
 * A sign-in under way. It owns the place where the user is: after an error, a cancel or a doubt, [current] says where
 * that is. As soon as the host has accepted something, the place is kept in the store by itself.
 *
 * [close] frees the native object and changes nothing else: a step that is kept can be resumed, and steps that were
 * given out stay good. [abandon] is what ends a sign-in.
 */
public class SignIn internal constructor(private val ffi: FfiSignIn) : AutoCloseable {
    /** The office that is signed in to. */
    public val office: Office get() = ffi.office()

    /** Where the sign-in is now. */
    public val current: SignInStep get() = ffi.current().wrapped()

    /** Notes the e-mail before it is submitted: a lock-out is then known before the host is asked. */
    public fun setAccount(email: String): Unit = ffi.setAccount(email)

    /** Keeps the pending step now, so that another process can go on from it. */
    public suspend fun save(): Unit = settled { ffi.save(it) }

    /** Gives the sign-in up: its pending step is removed from the store. */
    public suspend fun abandon(): Unit = settled { ffi.abandon(it) }

    override fun close(): Unit = ffi.close()

    override fun toString(): String = "SignIn($office)"
}
