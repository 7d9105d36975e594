package b2core.auth

import kotlinx.coroutines.CancellationException
import java.util.Locale
import b2core.auth.ffi.AuthException as FfiException

/**
 * What every call of this package throws: what went wrong, and with [recovery] what to do next.
 *
 * It prints its [message] only, in English and for a log: no secrets, and nothing of what the host wrote, which is in
 * `serverMessage` as data to show. A call that was cancelled throws `CancellationException` as usual and none of these.
 */
public sealed class AuthException private constructor(
    ffi: FfiException,
    /** The id under which the host's operator finds the request, if one was sent. */
    public val correlationId: String? = null,
) : Exception(ffi.toString()) {
    /** What to do next. */
    public val recovery: Recovery = ffi.recovery().wrapped()

    /** A stable name for programs, such as `wrong_code`. */
    public val code: String = ffi.code()

    private val messageId = ffi.messageId()

    /**
     * What to show to the user: what went wrong and what to do next, in English if there is nothing in the [locale]'s
     * language. What the host wrote is not in it.
     */
    @JvmOverloads
    public fun userMessage(locale: Locale = Locale.getDefault()): String {
        val messages = Messages.of(locale)
        // In the alphabetical order of their names: status, wait.
        return when (this) {
            is LockedOut -> messages.text(messageId, messages.wait(retryAfterSeconds))
            is BackingOff -> messages.text(messageId, messages.wait(retryAfterSeconds))
            is HostFailed -> {
                val wait = retryAfterSeconds?.let(messages::wait)
                messages.text(messageId, *listOfNotNull(status.toString(), wait).toTypedArray())
            }
            else -> messages.text(messageId)
        }
    }

    /** The host does not take this e-mail and password. */
    public class WrongCredentials internal constructor(ffi: FfiException.WrongCredentials) :
        AuthException(ffi, ffi.correlationId) {
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** The code is wrong or no longer good. The step is kept. */
    public class WrongCode internal constructor(ffi: FfiException.WrongCode) : AuthException(ffi, ffi.correlationId) {
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** The new password breaks the host's rules. The step is kept. */
    public class PasswordRefused internal constructor(ffi: FfiException.PasswordRefused) :
        AuthException(ffi, ffi.correlationId) {
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** The host refuses this account, device, address or method. */
    public class Refused internal constructor(ffi: FfiException.Refused) : AuthException(ffi, ffi.correlationId) {
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** The wizard demands a reCAPTCHA response. Nothing was sent. */
    public class RecaptchaRequired internal constructor(ffi: FfiException.RecaptchaRequired) : AuthException(ffi)

    /** The host did not take the reCAPTCHA response. */
    public class RecaptchaRefused internal constructor(ffi: FfiException.RecaptchaRefused) :
        AuthException(ffi, ffi.correlationId) {
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** This method is not enabled for the account. Nothing was sent. */
    public class MethodNotAvailable internal constructor(ffi: FfiException.MethodNotAvailable) : AuthException(ffi)

    /** The input cannot be right. Nothing was sent, so no attempt was spent. */
    public class InvalidInput internal constructor(ffi: FfiException.InvalidInput) : AuthException(ffi) {
        public val problem: InputProblem = ffi.problem
    }

    /** Too many attempts. The password or code was not judged. [byHost] is false if our own count says so. */
    public class LockedOut internal constructor(ffi: FfiException.LockedOut) : AuthException(ffi, ffi.correlationId) {
        public val retryAfterSeconds: Long = ffi.retryAfterSeconds
        public val byHost: Boolean = ffi.byHost
    }

    /** The host has forgotten this sign-in, or it waited too long. */
    public class SignInExpired internal constructor(ffi: FfiException.SignInExpired) :
        AuthException(ffi, ffi.correlationId)

    /** The bytes did not get through. */
    public class Network internal constructor(ffi: FfiException.Network) : AuthException(ffi, ffi.correlationId) {
        public val problem: NetworkProblem = ffi.problem
    }

    /** The host failed by its own account, with this HTTP [status]. */
    public class HostFailed internal constructor(ffi: FfiException.HostFailed) : AuthException(ffi, ffi.correlationId) {
        public val status: Int = ffi.status
        public val retryAfterSeconds: Long? = ffi.retryAfterSeconds
    }

    /** The host failed a short while ago, or asked to be left alone, so it was not asked again. The session is kept. */
    public class BackingOff internal constructor(ffi: FfiException.BackingOff) : AuthException(ffi) {
        public val retryAfterSeconds: Long = ffi.retryAfterSeconds
    }

    /** Something that is not B2Core answered, or B2Core in a way that its documents do not know. */
    public class UnexpectedAnswer internal constructor(ffi: FfiException.UnexpectedAnswer) :
        AuthException(ffi, ffi.correlationId) {
        public val problem: String = ffi.problem
    }

    /** The store cannot say now: the device is locked, say. It is never "signed out". */
    public class StoreUnavailable internal constructor(ffi: FfiException.StoreUnavailable) : AuthException(ffi)

    /** The store is broken: a wrong key, damage, a newer format, or an error of its own. */
    public class StoreFailed internal constructor(ffi: FfiException.StoreFailed) : AuthException(ffi) {
        public val problem: String = ffi.problem
    }

    /** The host did its part, but the new tokens could not be kept. */
    public class NotSaved internal constructor(ffi: FfiException.NotSaved) : AuthException(ffi, ffi.correlationId) {
        public val problem: String = ffi.problem
    }

    /** Nobody is signed in. */
    public class NotSignedIn internal constructor(ffi: FfiException.NotSignedIn) : AuthException(ffi)

    /** The session is over. */
    public class SessionEnded internal constructor(ffi: FfiException.SessionEnded) :
        AuthException(ffi, ffi.correlationId)

    /** The host refused to refresh the session without saying that it is over. */
    public class ReauthenticationRequired internal constructor(ffi: FfiException.ReauthenticationRequired) :
        AuthException(ffi, ffi.correlationId) {
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** Somebody else has signed in or out here meanwhile. */
    public class SessionReplaced internal constructor(ffi: FfiException.SessionReplaced) : AuthException(ffi)

    /** Another answer of this sign-in is being submitted. */
    public class Busy internal constructor(ffi: FfiException.Busy) : AuthException(ffi)

    /** The sign-in has moved on from this step: ask it for its current one. */
    public class StaleStep internal constructor(ffi: FfiException.StaleStep) : AuthException(ffi)

    /** The configuration makes no client. */
    public class Setup internal constructor(ffi: FfiException.Setup) : AuthException(ffi) {
        public val problem: String = ffi.problem
    }
}

/** What the app gets to see for it. The generated exception is not its cause: that one's message lists its fields. */
internal fun FfiException.wrapped(): Exception = when (this) {
    is FfiException.WrongCredentials -> AuthException.WrongCredentials(this)
    is FfiException.WrongCode -> AuthException.WrongCode(this)
    is FfiException.PasswordRefused -> AuthException.PasswordRefused(this)
    is FfiException.Refused -> AuthException.Refused(this)
    is FfiException.RecaptchaRequired -> AuthException.RecaptchaRequired(this)
    is FfiException.RecaptchaRefused -> AuthException.RecaptchaRefused(this)
    is FfiException.MethodNotAvailable -> AuthException.MethodNotAvailable(this)
    is FfiException.InvalidInput -> AuthException.InvalidInput(this)
    is FfiException.LockedOut -> AuthException.LockedOut(this)
    is FfiException.SignInExpired -> AuthException.SignInExpired(this)
    is FfiException.Network -> AuthException.Network(this)
    is FfiException.HostFailed -> AuthException.HostFailed(this)
    is FfiException.BackingOff -> AuthException.BackingOff(this)
    is FfiException.UnexpectedAnswer -> AuthException.UnexpectedAnswer(this)
    is FfiException.StoreUnavailable -> AuthException.StoreUnavailable(this)
    is FfiException.StoreFailed -> AuthException.StoreFailed(this)
    is FfiException.NotSaved -> AuthException.NotSaved(this)
    is FfiException.NotSignedIn -> AuthException.NotSignedIn(this)
    is FfiException.SessionEnded -> AuthException.SessionEnded(this)
    is FfiException.ReauthenticationRequired -> AuthException.ReauthenticationRequired(this)
    is FfiException.SessionReplaced -> AuthException.SessionReplaced(this)
    is FfiException.Busy -> AuthException.Busy(this)
    is FfiException.StaleStep -> AuthException.StaleStep(this)
    is FfiException.Cancelled -> CancellationException("cancelled")
    is FfiException.Setup -> AuthException.Setup(this)
}
