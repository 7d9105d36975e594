package b2core.auth.test

import b2core.auth.Office
import b2core.auth.TwoFactorMethod
import b2core.auth.test.ffi.NewUser as FfiNewUser
import b2core.auth.test.ffi.SandboxOffice as FfiOffice
import b2core.auth.test.ffi.SandboxUser as FfiUser

/** Somebody who can sign in to a sandbox, without secrets: see [Sandbox.totpSecret]. */
public class SandboxUser internal constructor(ffi: FfiUser) {
    /** The e-mail to sign in with. */
    public val email: String = ffi.email

    /** The office. */
    public val office: Office = ffi.office.wrapped()

    /** The second factors at the front office. */
    public val methods: List<TwoFactorMethod> =
        listOfNotNull(TwoFactorMethod.GOOGLE.takeIf { ffi.google }, TwoFactorMethod.SMS.takeIf { ffi.sms })

    /** Whether the back office mails a code at sign-in. */
    public val hasMailedCode: Boolean = ffi.mailedCode

    /** Whether the next sign-in leads to a new password. */
    public val mustResetPassword: Boolean = ffi.forceReset

    /** The id that tokens carry. */
    public val clientId: Long = ffi.clientId

    /** The phone that text messages go to; null for none. */
    public val phone: String? = ffi.phone

    override fun toString(): String = "SandboxUser($email, $office)"
}

/**
 * A user of a test's own, for [Sandbox.addUser] and [SandboxSettings.user]. What is not set is as for
 * [plain][Sandbox.PLAIN]: a client of the front office without a second factor.
 */
public class NewUser internal constructor(private val email: String, internal val password: String) {
    /** The office. */
    public var office: Office = Office.FRONT

    /** The second factors. Front office only. */
    public var methods: List<TwoFactorMethod> = emptyList()

    /** The authenticator's secret, base32 of at least 16 bytes; null for one that is made up. */
    public var totpSecret: String? = null

    /** The phone; null for one that is made up. */
    public var phone: String? = null

    /** Whether the next sign-in leads to a new password. Front office only. */
    public var mustResetPassword: Boolean = false

    /** Whether a code is mailed at sign-in. Back office only. */
    public var hasMailedCode: Boolean = false

    internal fun ffi(): FfiNewUser = FfiNewUser(
        email = email,
        password = password,
        office = office.ffi(),
        google = TwoFactorMethod.GOOGLE in methods,
        sms = TwoFactorMethod.SMS in methods,
        totpSecret = totpSecret,
        phone = phone,
        forceReset = mustResetPassword,
        mailedCode = hasMailedCode,
    )

    override fun toString(): String = "NewUser($office)"
}

internal fun FfiOffice.wrapped(): Office = when (this) {
    FfiOffice.FRONT -> Office.FRONT
    FfiOffice.BACK -> Office.BACK
}

private fun Office.ffi(): FfiOffice = when (this) {
    Office.FRONT -> FfiOffice.FRONT
    Office.BACK -> FfiOffice.BACK
}
