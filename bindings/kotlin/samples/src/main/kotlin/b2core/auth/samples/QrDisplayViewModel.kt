package b2core.auth.samples

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import b2core.auth.AuthClient
import b2core.auth.AuthException
import b2core.auth.QrCode
import b2core.auth.QrMatrix
import b2core.auth.QrSignIn
import b2core.auth.QrState
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/** What the display shows. A code that is shown is a secret, so printing it shows nothing. */
sealed interface QrDisplayUiState {
    data object Waiting : QrDisplayUiState

    /** The code to draw, on a light ground. [location] is where the host takes this screen to be. */
    class Code(val matrix: QrMatrix, val location: String?) : QrDisplayUiState {
        override fun toString(): String = "Code"
    }

    /** Somebody has approved: hide the code. */
    data object Approved : QrDisplayUiState

    data object Declined : QrDisplayUiState

    /** The host has no QR sign-in: show the form instead. */
    data object NotAvailable : QrDisplayUiState

    data class SignedIn(val account: String) : QrDisplayUiState {
        override fun toString(): String = "SignedIn"
    }

    /** It could not go on; [message] is for the user, who can begin again. */
    data class Failed(val message: String) : QrDisplayUiState
}

/**
 * The display of a QR sign-in. Call [start] when the screen comes to the foreground, and [stop] when it leaves it for longer. A
 * rotation changes no code: the sign-in is the view model's.
 */
class QrDisplayViewModel(private val client: AuthClient) : ViewModel() {
    private val mutableState = MutableStateFlow<QrDisplayUiState>(QrDisplayUiState.Waiting)
    val state: StateFlow<QrDisplayUiState> = mutableState.asStateFlow()

    private var signIn: QrSignIn? = null
    private var work: Job? = null

    /** Shows a code, unless one is shown already. */
    fun start() {
        if (work?.isActive == true) return
        val next = client.qrSignIn()
        signIn = next
        work = viewModelScope.launch {
            mutableState.value = QrDisplayUiState.Waiting
            next.use {
                try {
                    it.states.collect { state -> mutableState.value = shown(state) }
                } catch (e: AuthException) {
                    mutableState.value = QrDisplayUiState.Failed(e.userMessage())
                } finally {
                    if (signIn === it) signIn = null // It is closed now.
                }
            }
        }
    }

    /** Shows no code any more. Nobody is signed in by one that was shown. */
    fun stop() {
        signIn?.cancel()
        work?.cancel()
        if (mutableState.value is QrDisplayUiState.Code) mutableState.value = QrDisplayUiState.Waiting
    }

    private fun shown(state: QrState): QrDisplayUiState = when (state) {
        is QrState.Shown -> code(state.code)
        is QrState.Renewed -> code(state.code)
        is QrState.Expired -> QrDisplayUiState.Waiting // The next one follows by itself.
        QrState.Approved -> QrDisplayUiState.Approved
        QrState.Declined -> QrDisplayUiState.Declined
        QrState.NotAvailable -> QrDisplayUiState.NotAvailable
        is QrState.SignedIn -> state.session.use { QrDisplayUiState.SignedIn(it.account) }
    }

    private fun code(code: QrCode): QrDisplayUiState =
        code.matrix?.let { QrDisplayUiState.Code(it, code.location) } ?: QrDisplayUiState.NotAvailable

    override fun onCleared() {
        signIn?.cancel()
    }
}
