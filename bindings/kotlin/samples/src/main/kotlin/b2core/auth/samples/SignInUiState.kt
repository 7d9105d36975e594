package b2core.auth.samples

import b2core.auth.MethodOption
import b2core.auth.TwoFactorMethod

/** What the sign-in screen shows. It holds nothing that is typed, so no password or code can stay in it. */
data class SignInUiState(
    val screen: SignInScreen = SignInScreen.Loading,
    /** True while the host is asked: inputs are disabled, and only [SignInEvent.Cancel] does something. */
    val isBusy: Boolean = false,
    /** What went wrong, for the user. */
    val message: String? = null,
)

sealed interface SignInScreen {
    data object Loading : SignInScreen

    /** E-mail and password. The e-mail is what was typed before, perhaps before the process was killed. */
    data class Credentials(val email: String) : SignInScreen {
        override fun toString(): String = "Credentials"
    }

    data class ChooseMethod(val options: List<MethodOption>) : SignInScreen

    /** A code; null as the [method] stands for one that came by e-mail. */
    data class Code(val method: TwoFactorMethod?) : SignInScreen

    data object NewPassword : SignInScreen

    /** The host requires a step that this version does not know: open its page. */
    data object Browser : SignInScreen

    data class SignedIn(val account: String) : SignInScreen {
        override fun toString(): String = "SignedIn"
    }

    /** The store cannot be read now: ask the user to unlock the device, and try again. It does not mean "signed out". */
    data object Locked : SignInScreen
}

/** What the user does. Events with secrets are no data classes: they print their name only. */
sealed class SignInEvent {
    class EmailTyped(val email: String) : SignInEvent()

    class SubmitPassword(val password: String) : SignInEvent()

    class Choose(val method: TwoFactorMethod) : SignInEvent()

    class SubmitCode(val code: String) : SignInEvent()

    class SubmitNewPassword(val password: String) : SignInEvent()

    /** Stops waiting for the host. The step stays. */
    data object Cancel : SignInEvent()

    /** Gives this sign-in up and begins another one. */
    data object StartOver : SignInEvent()

    /** Tries again what the screen could not show. */
    data object Retry : SignInEvent()

    data object SignOut : SignInEvent()

    override fun toString(): String = javaClass.simpleName
}
