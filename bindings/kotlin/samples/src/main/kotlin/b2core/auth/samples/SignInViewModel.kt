package b2core.auth.samples

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import b2core.auth.AuthClient
import b2core.auth.AuthException
import b2core.auth.Office
import b2core.auth.Recovery
import b2core.auth.SignIn
import b2core.auth.SignInStep
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/**
 * The sign-in screen: one immutable state out, events in. It survives a rotation, as every view model does, and a killed process: the
 * step is in the client's store, and only the typed e-mail is in the [SavedStateHandle], which the system keeps in the clear.
 */
class SignInViewModel(
    private val client: AuthClient,
    private val saved: SavedStateHandle,
    private val office: Office = Office.FRONT,
) : ViewModel() {
    private val mutableState = MutableStateFlow(SignInUiState())
    val state: StateFlow<SignInUiState> = mutableState.asStateFlow()

    private var signIn: SignIn? = null
    private var work: Job? = null

    init {
        ask { load() }
    }

    fun onEvent(event: SignInEvent) {
        when (event) {
            is SignInEvent.EmailTyped -> typed(event.email)
            is SignInEvent.SubmitPassword -> step<SignInStep.Credentials> { it.submit(email, event.password) }
            is SignInEvent.Choose -> choose(event)
            is SignInEvent.SubmitCode -> submitCode(event.code)
            is SignInEvent.SubmitNewPassword -> step<SignInStep.NewPassword> { it.submit(event.password) }
            SignInEvent.Cancel -> work?.cancel()
            SignInEvent.StartOver -> ask { startOver() }
            SignInEvent.Retry -> ask { load() }
            SignInEvent.SignOut -> ask { client.signOut(office); begin(client.signIn(office)) }
        }
    }

    private var email: String
        get() = saved[EMAIL] ?: ""
        set(value) { saved[EMAIL] = value }

    private fun typed(text: String) {
        email = text
        mutableState.update {
            if (it.screen is SignInScreen.Credentials) it.copy(screen = SignInScreen.Credentials(text)) else it
        }
    }

    private fun choose(event: SignInEvent.Choose) = ask {
        when (val step = signIn?.current) {
            is SignInStep.ChooseMethod -> step.choose(event.method)
            is SignInStep.Code -> step.choose(event.method)
            else -> Unit
        }
    }

    private fun submitCode(code: String) = ask {
        when (val step = signIn?.current) {
            is SignInStep.Code -> step.submit(code)
            is SignInStep.MailedCode -> step.submit(code)
            is SignInStep.ResetCode -> step.submit(code)
            else -> Unit
        }
    }

    private inline fun <reified T : SignInStep> step(crossinline call: suspend (T) -> Unit) = ask {
        (signIn?.current as? T)?.let { call(it) }
    }

    /** The session or the pending sign-in of the store, or a new one. */
    private suspend fun load() {
        client.session(office)?.use { session ->
            mutableState.update { it.copy(screen = SignInScreen.SignedIn(session.account)) }
            return
        }
        begin(client.resumeSignIn(office) ?: client.signIn(office))
    }

    private suspend fun startOver() {
        signIn?.abandon()
        begin(client.signIn(office))
    }

    private suspend fun begin(next: SignIn) {
        signIn?.close()
        signIn = next
        open()
    }

    /** A front-office wizard has to be opened before it takes anything: also the new one after a password reset. */
    private suspend fun open() {
        (signIn?.current as? SignInStep.Start)?.open()
    }

    /** Asks the host, one thing at a time, and shows where the sign-in is then, whatever came of it. */
    private fun ask(what: suspend () -> Unit) {
        if (work?.isCompleted == false) return
        work = viewModelScope.launch {
            mutableState.update { it.copy(isBusy = true, message = null) }
            try {
                what()
                open()
                show()
            } catch (e: AuthException) {
                if (e.recovery == Recovery.Restart) restart() else show()
                mutableState.update { failed(it, e) }
            } catch (e: CancellationException) {
                show()
                throw e
            } finally {
                mutableState.update { it.copy(isBusy = false) }
            }
        }
    }

    private suspend fun restart() = try {
        begin(client.signIn(office))
        show()
    } catch (_: AuthException) {
        show() // The first error is what the user reads.
    }

    private fun show() {
        val screen = signIn?.current?.let(::screenOf) ?: return
        mutableState.update { it.copy(screen = screen) }
    }

    private fun failed(state: SignInUiState, e: AuthException): SignInUiState {
        val isLocked = e is AuthException.StoreUnavailable && signIn == null
        return state.copy(screen = if (isLocked) SignInScreen.Locked else state.screen, message = e.userMessage())
    }

    private fun screenOf(step: SignInStep): SignInScreen = when (step) {
        is SignInStep.Start, is SignInStep.Credentials -> SignInScreen.Credentials(email)
        is SignInStep.ChooseMethod -> SignInScreen.ChooseMethod(step.options)
        is SignInStep.Code -> SignInScreen.Code(step.method)
        is SignInStep.MailedCode, is SignInStep.ResetCode -> SignInScreen.Code(null)
        is SignInStep.NewPassword -> SignInScreen.NewPassword
        is SignInStep.Unsupported -> SignInScreen.Browser
        is SignInStep.SignedIn -> step.session.use { SignInScreen.SignedIn(it.account) }
    }

    /** The sign-in stays in the store: leaving the screen is not giving it up. */
    override fun onCleared() {
        signIn?.close()
    }

    private companion object {
        const val EMAIL = "email"
    }
}
