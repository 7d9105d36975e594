package b2core.auth

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import b2core.auth.ffi.Presence as FfiAnswer
import b2core.auth.ffi.QrDetails as FfiDetails
import b2core.auth.ffi.UserPresence as FfiPresence

/**
 * Asks the user to confirm that they are there, such as by Android's `BiometricPrompt`, before an approval leaves the device.
 *
 * [confirm] runs on a thread of this library's: use `withContext(Dispatchers.Main)` for a prompt. When the approval is cancelled, so
 * is [confirm].
 */
public fun interface UserPresence {
    /**
     * True if the user is there and confirms. False, and nothing is sent, if they do not. If it throws, that counts as false, and is
     * the cause of the [AuthException.Qr] that the approval ends with.
     */
    public suspend fun confirm(details: QrDetails): Boolean
}

/** An `Error` would otherwise leave the native call without an answer. */
internal class PresenceBridge(private val app: UserPresence) : FfiPresence {
    override suspend fun confirm(details: FfiDetails): FfiAnswer =
        try {
            if (app.confirm(QrDetails(details))) FfiAnswer.Confirmed else FfiAnswer.NotConfirmed
        } catch (e: CancellationException) {
            if (currentCoroutineContext().isActive) FfiAnswer.Failed(Thrown.keep(e)) else throw e
        } catch (e: Throwable) {
            FfiAnswer.Failed(Thrown.keep(e))
        }
}
