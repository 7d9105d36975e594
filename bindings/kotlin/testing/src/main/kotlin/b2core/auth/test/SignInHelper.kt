package b2core.auth.test

import b2core.auth.AuthClient
import b2core.auth.Office
import b2core.auth.Session
import b2core.auth.SignIn
import b2core.auth.SignInStep
import b2core.auth.TwoFactorMethod

/** Signs a user in as somebody would who has their phone, their authenticator and their mailbox at hand. */
internal class SignInHelper(private val sandbox: Sandbox, private val email: String, private var password: String) {
    /** The password that is right after the sign-in, which may have led to a new one. */
    val passwordNow: String get() = password

    suspend fun signIn(client: AuthClient, office: Office): Session {
        client.signIn(office).use { signIn ->
            repeat(STEPS) {
                val step = signIn.current
                if (step is SignInStep.SignedIn) return step.session
                go(signIn, step)
            }
        }
        error("the sign-in does not come to an end")
    }

    private suspend fun go(signIn: SignIn, step: SignInStep) {
        when (step) {
            is SignInStep.Start -> step.open()
            is SignInStep.Credentials -> step.submit(email, password, RECAPTCHA.takeIf { step.info.recaptchaRequired })
            is SignInStep.ChooseMethod -> step.choose(step.options.first().method)
            is SignInStep.Code -> step.submit(if (step.method == TwoFactorMethod.GOOGLE) appCode() else sentCode())
            is SignInStep.MailedCode -> step.submit(sentCode())
            is SignInStep.ResetCode -> step.submit(sentCode())
            is SignInStep.NewPassword -> {
                val next = if (password == Sandbox.NEW_PASSWORD) Sandbox.PASSWORD else Sandbox.NEW_PASSWORD
                step.submit(next)
                password = next
            }
            is SignInStep.Unsupported -> error("the sandbox requires ${step.workflow}: sign in by hand")
            is SignInStep.SignedIn -> error("${signIn.office} is signed in")
        }
    }

    private fun appCode(): String = checkNotNull(sandbox.totpCode(email)) { "this user has no authenticator" }

    private fun sentCode(): String = checkNotNull(sandbox.lastCode(email)) { "no code was sent to this user" }

    private companion object {
        /** More than the longest sign-in has, which sets a new password on its way. */
        const val STEPS = 12
        const val RECAPTCHA = "solved"
    }
}
