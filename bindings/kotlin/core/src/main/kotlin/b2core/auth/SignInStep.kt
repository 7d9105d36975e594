package b2core.auth

import b2core.auth.ffi.CancelToken
import b2core.auth.ffi.ChooseMethodStep
import b2core.auth.ffi.CodeStep
import b2core.auth.ffi.CredentialsStep
import b2core.auth.ffi.MailedCodeStep
import b2core.auth.ffi.NewPasswordStep
import b2core.auth.ffi.ResetCodeStep
import b2core.auth.ffi.StartStep
import java.time.Instant
import b2core.auth.ffi.SignInStep as FfiStep

/**
 * Where a sign-in is. Each place has just the calls that are legal there, and each call gives the next place, which is
 * also the sign-in's [SignIn.current].
 *
 * After an error or a cancel the same object can be used again: a wrong code can be followed by the right one. One that
 * the sign-in has moved on from throws `StaleStep`, a second call at the same time throws `Busy`. Steps need no closing.
 */
public sealed class SignInStep {
    /** The front office's wizard has to be opened. */
    public class Start internal constructor(private val ffi: StartStep) : SignInStep() {
        /** The e-mail that this sign-in is for, if it was given before. */
        public val account: String? get() = ffi.account()

        /** True after a forced reset: the new password is in force. */
        public val passwordChanged: Boolean get() = ffi.passwordChanged()

        /** Opens the wizard. It costs no attempt. */
        public suspend fun open(): SignInStep = next { ffi.open(it) }
    }

    /** E-mail and password are wanted. */
    public class Credentials internal constructor(private val ffi: CredentialsStep) : SignInStep() {
        /** The e-mail that was given before, to fill the form with. */
        public val account: String? get() = ffi.account()

        /** What the wizard said, such as whether reCAPTCHA is demanded. */
        public val info: WizardInfo get() = ffi.info()

        /** True after a forced reset: it is the new password that is wanted. */
        public val passwordChanged: Boolean get() = ffi.passwordChanged()

        /** Submits e-mail and password. It costs one of the account's few attempts. */
        public suspend fun submit(email: String, password: String, recaptcha: String? = null): SignInStep =
            next { ffi.submit(email, password, recaptcha, it) }
    }

    /** One of several two-factor methods has to be chosen. */
    public class ChooseMethod internal constructor(private val ffi: ChooseMethodStep) : SignInStep() {
        /** The account's e-mail. */
        public val account: String get() = ffi.account()

        /** The methods to choose from, never none. */
        public val options: List<MethodOption> get() = ffi.options().map(::MethodOption)

        /** Chooses; SMS makes the host send one. */
        public suspend fun choose(method: TwoFactorMethod): SignInStep = next { ffi.choose(method, it) }
    }

    /** A code of the authenticator app or an SMS is wanted. */
    public class Code internal constructor(private val ffi: CodeStep) : SignInStep() {
        /** The account's e-mail. */
        public val account: String get() = ffi.account()

        /** Where the code comes from. */
        public val method: TwoFactorMethod get() = ffi.method()

        /** Every method that can be used now, this one first. */
        public val methods: List<TwoFactorMethod> get() = ffi.methods()

        /** The methods with what to show for them, as far as the host listed them. */
        public val options: List<MethodOption> get() = ffi.options().map(::MethodOption)

        /** Submits a code. It costs one of few attempts. */
        public suspend fun submit(code: String): SignInStep = next { ffi.submit(code, it) }

        /** Changes to another method, or asks for the same once more. */
        public suspend fun choose(method: TwoFactorMethod): SignInStep = next { ffi.choose(method, it) }
    }

    /** The back office's e-mailed code is wanted. */
    public class MailedCode internal constructor(private val ffi: MailedCodeStep) : SignInStep() {
        /** The account's e-mail. */
        public val account: String get() = ffi.account()

        /** How the code was delivered: `email`, the only way documented. */
        public val provider: String get() = ffi.provider()

        /** When the code is over, by this device's clock. */
        public val expiresAt: Instant get() = Instant.ofEpochSecond(ffi.expiresAtEpochSeconds())

        /** Submits a code. It costs one of few attempts. */
        public suspend fun submit(code: String): SignInStep = next { ffi.submit(code, it) }
    }

    /** The e-mailed code of a forced reset is wanted. */
    public class ResetCode internal constructor(private val ffi: ResetCodeStep) : SignInStep() {
        /** The account's e-mail, where the code went. */
        public val account: String get() = ffi.account()

        /** Submits a code. It costs one of few attempts. */
        public suspend fun submit(code: String): SignInStep = next { ffi.submit(code, it) }
    }

    /** A new password is wanted. */
    public class NewPassword internal constructor(private val ffi: NewPasswordStep) : SignInStep() {
        /** The account's e-mail. */
        public val account: String get() = ffi.account()

        /** Sets the new password; the next step wants it with the e-mail. */
        public suspend fun submit(password: String): SignInStep = next { ffi.submit(password, it) }
    }

    /** Signed in. */
    public class SignedIn internal constructor(public val session: Session) : SignInStep()

    /** The host wants something that this version does not know by the name of [workflow]; a browser may go on. */
    public class Unsupported internal constructor(public val workflow: String) : SignInStep()

    /** The place, and nothing of what is known there. */
    final override fun toString(): String = "SignInStep.${javaClass.simpleName}"
}

private suspend fun next(call: suspend (CancelToken) -> FfiStep): SignInStep = settled(call).wrapped()

internal fun FfiStep.wrapped(): SignInStep = when (this) {
    is FfiStep.Start -> SignInStep.Start(step)
    is FfiStep.Credentials -> SignInStep.Credentials(step)
    is FfiStep.ChooseMethod -> SignInStep.ChooseMethod(step)
    is FfiStep.Code -> SignInStep.Code(step)
    is FfiStep.MailedCode -> SignInStep.MailedCode(step)
    is FfiStep.ResetCode -> SignInStep.ResetCode(step)
    is FfiStep.NewPassword -> SignInStep.NewPassword(step)
    is FfiStep.SignedIn -> SignInStep.SignedIn(Session(HeldSession(session, holders = 1)))
    is FfiStep.Unsupported -> SignInStep.Unsupported(workflow)
}
