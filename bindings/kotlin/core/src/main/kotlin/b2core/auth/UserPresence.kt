package b2core.auth

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import b2core.auth.ffi.QrDetails as FfiDetails
import b2core.auth.ffi.UserPresence as FfiPresence

/**
 * Asks the user to confirm that they are there, such as by Android's `BiometricPrompt`, before an approval leaves the device.
 *
 * [confirm] runs on a thread of this library's: use `withContext(Dispatchers.Main)` for a prompt. When the approval is cancelled, so
 * is [confirm].
 */
public fun interface UserPresence {
    /** True if the user is there and confirms. False, and nothing is sent, if they do not, or if it throws. */
    public suspend fun confirm(details: QrDetails): Boolean
}

/** An `Error` would otherwise leave the native call without an answer. */
internal class PresenceBridge(private val app: UserPresence) : FfiPresence {
    override suspend fun confirm(details: FfiDetails): Boolean =
        try {
            app.confirm(QrDetails(details))
        } catch (e: CancellationException) {
            if (currentCoroutineContext().isActive) false else throw e
        } catch (_: Throwable) {
            false
        }
}
