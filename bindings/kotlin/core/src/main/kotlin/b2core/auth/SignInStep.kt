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
 * The steps of a sign-in. Each has the calls that are legal there. Each call returns the next step, which is then the
 * sign-in's [SignIn.current] too.
 *
 * After an error or a cancel the same step can be used again, for example for another code. A step that the sign-in has
 * moved on from throws `StaleStep`. A second call at the same time throws `Busy`. Steps need not be closed.
 */
public sealed class SignInStep {
    /** The front office's wizard has to be opened. */
    public class Start internal constructor(private val ffi: StartStep) : SignInStep() {
        /** The e-mail of this sign-in, if it was given before. */
        public val account: String? get() = ffi.account()

        /** True after a forced password reset: the new password is valid now. */
        public val passwordChanged: Boolean get() = ffi.passwordChanged()

        /** Opens the wizard. It does not count as an attempt. */
        public suspend fun open(): SignInStep = next { ffi.open(it) }
    }

    /** E-mail and password are required. */
    public class Credentials internal constructor(private val ffi: CredentialsStep) : SignInStep() {
        /** The e-mail that was given before, to prefill the form. */
        public val account: String? get() = ffi.account()

        /** The wizard's information, such as whether it requires reCAPTCHA. */
        public val info: WizardInfo get() = ffi.info()

        /** True after a forced password reset: the new password is required. */
        public val passwordChanged: Boolean get() = ffi.passwordChanged()

        /** Submits e-mail and password. It counts as one of the account's attempts. */
        public suspend fun submit(email: String, password: String, recaptcha: String? = null): SignInStep =
            next { ffi.submit(email, password, recaptcha, it) }
    }

    /** One of several two-factor methods has to be chosen. */
    public class ChooseMethod internal constructor(private val ffi: ChooseMethodStep) : SignInStep() {
        /** The account's e-mail. */
        public val account: String get() = ffi.account()

        /** The methods to choose from; at least one. */
        public val options: List<MethodOption> get() = ffi.options().map(::MethodOption)

        /** Chooses a method. For SMS, the host then sends a code. */
        public suspend fun choose(method: TwoFactorMethod): SignInStep = next { ffi.choose(method, it) }
    }

    /** A code of the authenticator app or an SMS is required. */
    public class Code internal constructor(private val ffi: CodeStep) : SignInStep() {
        /** The account's e-mail. */
        public val account: String get() = ffi.account()

        /** The method that the code belongs to. */
        public val method: TwoFactorMethod get() = ffi.method()

        /** All methods that can be used now, the current one first. */
        public val methods: List<TwoFactorMethod> get() = ffi.methods()

        /** The methods with the host's captions, as far as the host listed them. */
        public val options: List<MethodOption> get() = ffi.options().map(::MethodOption)

        /** Submits a code. It counts as one of the account's attempts. */
        public suspend fun submit(code: String): SignInStep = next { ffi.submit(code, it) }

        /**
         * How many seconds to wait until another code can be requested with [choose], as far as it is known: 0, or what is left of a
         * block by the host. No limit on text messages is documented; a host that has one says so when it refuses.
         */
        public suspend fun anotherCodeAfterSeconds(): Long = cancellable { ffi.anotherCodeAfterSeconds(it) }

        /** Changes to another method, or requests another code of the same one. */
        public suspend fun choose(method: TwoFactorMethod): SignInStep = next { ffi.choose(method, it) }
    }

    /** The code that the back office e-mailed is required. */
    public class MailedCode internal constructor(private val ffi: MailedCodeStep) : SignInStep() {
        /** The account's e-mail. */
        public val account: String get() = ffi.account()

        /** How the code was sent: `email`, the only documented way. */
        public val provider: String get() = ffi.provider()

        /** When the code expires by this device's clock. */
        public val expiresAt: Instant get() = Instant.ofEpochSecond(ffi.expiresAtEpochSeconds())

        /** Submits a code. It counts as one of the account's attempts. */
        public suspend fun submit(code: String): SignInStep = next { ffi.submit(code, it) }
    }

    /** The e-mailed code of a forced password reset is required. */
    public class ResetCode internal constructor(private val ffi: ResetCodeStep) : SignInStep() {
        /** The account's e-mail, to which the code was sent. */
        public val account: String get() = ffi.account()

        /** Submits a code. It counts as one of the account's attempts. */
        public suspend fun submit(code: String): SignInStep = next { ffi.submit(code, it) }
    }

    /** A new password is required. */
    public class NewPassword internal constructor(private val ffi: NewPasswordStep) : SignInStep() {
        /** The account's e-mail. */
        public val account: String get() = ffi.account()

        /** Sets the new password. The user then signs in with it. */
        public suspend fun submit(password: String): SignInStep = next { ffi.submit(password, it) }
    }

    /** Signed in. */
    public class SignedIn internal constructor(public val session: Session) : SignInStep()

    /** The host requires a step, named [workflow], that this version does not support. The user can sign in with a browser. */
    public class Unsupported internal constructor(public val workflow: String) : SignInStep()

    /** The name of the step, without its data. */
    final override fun toString(): String = "SignInStep.${javaClass.simpleName}"
}

private suspend fun next(call: suspend (CancelToken) -> FfiStep): SignInStep = cancellable(call).wrapped()

internal fun FfiStep.wrapped(): SignInStep = when (this) {
    is FfiStep.Start -> SignInStep.Start(step)
    is FfiStep.Credentials -> SignInStep.Credentials(step)
    is FfiStep.ChooseMethod -> SignInStep.ChooseMethod(step)
    is FfiStep.Code -> SignInStep.Code(step)
    is FfiStep.MailedCode -> SignInStep.MailedCode(step)
    is FfiStep.ResetCode -> SignInStep.ResetCode(step)
    is FfiStep.NewPassword -> SignInStep.NewPassword(step)
    is FfiStep.SignedIn -> SignInStep.SignedIn(Session(SharedSession(session, references = 1)))
    is FfiStep.Unsupported -> SignInStep.Unsupported(workflow)
}
