package b2core.auth.samples

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import b2core.auth.AuthClient
import b2core.auth.AuthException
import b2core.auth.Office
import b2core.auth.QrProblem
import b2core.auth.QrRequest
import b2core.auth.ScanSource
import b2core.auth.userMessage
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/** What the approver shows. */
sealed interface QrApproverUiState {
    /** The scanner runs. [message] is why the last code was of no use. */
    data class Scanning(val message: String? = null) : QrApproverUiState

    data object Checking : QrApproverUiState

    /** The question, and what to warn of, with two answers of the same weight. */
    data class Asking(val question: String, val warnings: List<String>, val message: String? = null) : QrApproverUiState {
        /** The question has the account's e-mail. */
        override fun toString(): String = "Asking"
    }

    data object Approved : QrApproverUiState

    data object Declined : QrApproverUiState

    /** Nobody is signed in here, so nothing can be approved. */
    data object NotSignedIn : QrApproverUiState
}

/** The approver of a QR sign-in: it takes whatever a scanner gives, asks, and approves or declines once. */
class QrApproverViewModel(private val client: AuthClient) : ViewModel() {
    private val mutableState = MutableStateFlow<QrApproverUiState>(QrApproverUiState.Scanning())
    val state: StateFlow<QrApproverUiState> = mutableState.asStateFlow()

    private var request: QrRequest? = null
    private var work: Job? = null

    /** Takes what was scanned. Scanners report a code many times a second: the first counts while the scanner runs. */
    fun onScanned(text: String, source: ScanSource) {
        if (mutableState.value !is QrApproverUiState.Scanning) return
        mutableState.value = QrApproverUiState.Checking
        work = viewModelScope.launch {
            mutableState.value = try {
                client.session(Office.FRONT)?.use { session ->
                    request = session.inspectQr(text, source)
                    asking(null)
                } ?: QrApproverUiState.NotSignedIn
            } catch (e: AuthException) {
                QrApproverUiState.Scanning(e.userMessage())
            }
        }
    }

    fun approve(): Unit = answer { request ->
        try {
            request.approve()
            QrApproverUiState.Approved
        } catch (e: AuthException.Qr) {
            if (e.problem == QrProblem.NOT_CONFIRMED) asking(e.userMessage()) else QrApproverUiState.Scanning(e.userMessage())
        }
    }

    fun decline(): Unit = answer { request ->
        request.decline()
        QrApproverUiState.Declined
    }

    /** Back to the scanner. A prompt of the app's that is open is cancelled. */
    fun cancel() {
        work?.cancel()
        request = null
        mutableState.value = QrApproverUiState.Scanning()
    }

    /** An answer is given once: a second tap finds nothing to answer. */
    private fun answer(call: suspend (QrRequest) -> QrApproverUiState) {
        val request = request ?: return
        if (mutableState.value !is QrApproverUiState.Asking) return
        mutableState.value = QrApproverUiState.Checking
        work = viewModelScope.launch {
            mutableState.value = try {
                call(request)
            } catch (e: AuthException) {
                QrApproverUiState.Scanning(e.userMessage())
            }
        }
    }

    private fun asking(message: String?): QrApproverUiState {
        val details = request?.details ?: return QrApproverUiState.Scanning(message)
        return QrApproverUiState.Asking(details.question(), details.risks.map { it.userMessage() }, message)
    }
}
