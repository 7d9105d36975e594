package b2core.auth

import kotlinx.coroutines.CancellationException
import java.util.Locale
import b2core.auth.ffi.AuthException as FfiException
import b2core.auth.ffi.Reasons as FfiReasons

/**
 * The errors of all calls of this package. [recovery] says what to do next.
 *
 * It prints its [message] only, in English and for a log, without secrets. The host's message for the user is in
 * `serverMessage`. A call that was cancelled throws `CancellationException` as usual and none of these.
 *
 * What the app's own code threw, such as its store or its transport, is the `cause`: that very exception. Nobody here knows what its
 * text holds, so neither `toString` nor [message], [reasons] or [userMessage] has any of it. A stack trace shows it as `Caused by:`.
 */
public sealed class AuthException private constructor(
    ffi: FfiException,
    /** The id under which the host's operator finds the request; null if none was sent. */
    public val correlationId: String? = null,
    behind: FfiReasons? = null,
) : Exception(ffi.toString(), behind?.thrown?.let(Thrown::find)) {
    /**
     * What lies behind it, the nearest first, in English and for a log or a report: such as `name not found: broker.example`,
     * `connection refused by 127.0.0.1:3128 (proxy from HTTPS_PROXY)`. It may name hosts, addresses and files, and has no secret.
     * Empty if nothing more is known than the [message].
     */
    public val reasons: List<String> = behind?.texts.orEmpty()

    /** The first of the [reasons]; null if there is none. */
    public val reason: String? get() = reasons.firstOrNull()

    /** What to do next. */
    public val recovery: Recovery = ffi.recovery().wrapped()

    /** A stable name for programs, such as `wrong_code`. */
    public val code: String = ffi.code()

    private val messageId = ffi.messageId()

    /**
     * The message for the user: what went wrong and what to do next, in the [locale]'s language, or in English if there is
     * none. The host's message is not in it. It never throws: in an app that was packed without this library's resources it is
     * the [message].
     */
    @JvmOverloads
    public fun userMessage(locale: Locale = Locale.getDefault()): String {
        val messages = Messages.of(locale)
        // The data are in the alphabetical order of their names: attempts, status, wait.
        val text = when (this) {
            is LockedOut -> messages.text(messageId, messages.wait(retryAfterSeconds))
            is BackingOff -> messages.text(messageId, messages.wait(retryAfterSeconds))
            is HostFailed -> {
                val wait = retryAfterSeconds?.let(messages::wait)
                messages.text(messageId, *listOfNotNull(status.toString(), wait).toTypedArray())
            }
            is WrongCredentials -> messages.text(messageId, *listOfNotNull(attemptsLeft?.toString()).toTypedArray())
            is WrongCode -> messages.text(messageId, *listOfNotNull(attemptsLeft?.toString()).toTypedArray())
            else -> messages.text(messageId)
        }
        return text ?: message.orEmpty()
    }

    /** The host does not accept this e-mail and password. */
    public class WrongCredentials internal constructor(ffi: FfiException.WrongCredentials) :
        AuthException(ffi, ffi.correlationId) {
        /** How many attempts are left before the host blocks the account, as far as this store has counted. Null if they are not counted. */
        public val attemptsLeft: Int? = ffi.attemptsLeft
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** The code is wrong or has expired. The step stays usable. */
    public class WrongCode internal constructor(ffi: FfiException.WrongCode) : AuthException(ffi, ffi.correlationId) {
        /** How many attempts are left before the host blocks the account, as far as this store has counted. Null if they are not counted. */
        public val attemptsLeft: Int? = ffi.attemptsLeft
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** The new password breaks the host's rules. The step stays usable. */
    public class PasswordRefused internal constructor(ffi: FfiException.PasswordRefused) :
        AuthException(ffi, ffi.correlationId) {
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** The host refuses this account, device, address or method. */
    public class Refused internal constructor(ffi: FfiException.Refused) : AuthException(ffi, ffi.correlationId) {
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** The wizard requires a reCAPTCHA response. Nothing was sent. */
    public class RecaptchaRequired internal constructor(ffi: FfiException.RecaptchaRequired) : AuthException(ffi)

    /** The host did not accept the reCAPTCHA response. */
    public class RecaptchaRefused internal constructor(ffi: FfiException.RecaptchaRefused) :
        AuthException(ffi, ffi.correlationId) {
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** This method is not enabled for the account. Nothing was sent. */
    public class MethodNotAvailable internal constructor(ffi: FfiException.MethodNotAvailable) : AuthException(ffi)

    /** The input is malformed. Nothing was sent, and no attempt was counted. */
    public class InvalidInput internal constructor(ffi: FfiException.InvalidInput) : AuthException(ffi) {
        public val problem: InputProblem = ffi.problem
    }

    /** Too many attempts. The password or code was not checked. [byHost] is false if the local rate limiter says so. */
    public class LockedOut internal constructor(ffi: FfiException.LockedOut) : AuthException(ffi, ffi.correlationId) {
        public val retryAfterSeconds: Long = ffi.retryAfterSeconds
        public val byHost: Boolean = ffi.byHost
    }

    /** The host does not know this sign-in any more, or it was pending for too long. */
    public class SignInExpired internal constructor(ffi: FfiException.SignInExpired) :
        AuthException(ffi, ffi.correlationId)

    /** The request or its answer did not get through. */
    public class Network internal constructor(ffi: FfiException.Network) :
        AuthException(ffi, ffi.correlationId, ffi.reasons) {
        public val problem: NetworkProblem = ffi.problem
    }

    /** The host reports a failure of its own, with this HTTP [status]. */
    public class HostFailed internal constructor(ffi: FfiException.HostFailed) : AuthException(ffi, ffi.correlationId) {
        public val status: Int = ffi.status
        public val retryAfterSeconds: Long? = ffi.retryAfterSeconds
    }

    /** The host failed a short while ago or sent `Retry-After`, so no refresh was sent. The session is kept. */
    public class BackingOff internal constructor(ffi: FfiException.BackingOff) : AuthException(ffi) {
        public val retryAfterSeconds: Long = ffi.retryAfterSeconds
    }

    /** The answer is not B2Core's, or one that B2Core's documentation does not know. */
    public class UnexpectedAnswer internal constructor(ffi: FfiException.UnexpectedAnswer) :
        AuthException(ffi, ffi.correlationId) {
        public val problem: String = ffi.problem
    }

    /** The store cannot be read now, for example because the device is locked. It does not mean "signed out". */
    public class StoreUnavailable internal constructor(ffi: FfiException.StoreUnavailable) :
        AuthException(ffi, behind = ffi.reasons)

    /** The store failed: a wrong key, corrupt data, a newer format, or an error of its own. */
    public class StoreFailed internal constructor(ffi: FfiException.StoreFailed) : AuthException(ffi, behind = ffi.reasons) {
        public val problem: String = ffi.problem
    }

    /** The host has issued new tokens, but they could not be saved. */
    public class NotSaved internal constructor(ffi: FfiException.NotSaved) :
        AuthException(ffi, ffi.correlationId, ffi.reasons) {
        public val problem: String = ffi.problem
    }

    /** A QR sign-in did not go on. */
    public class Qr internal constructor(ffi: FfiException.Qr) : AuthException(ffi, ffi.correlationId, ffi.reasons) {
        public val problem: QrProblem = ffi.problem
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** The live channel of QR sign-in cannot be watched, so that no approval would arrive. */
    public class Channel internal constructor(ffi: FfiException.Channel) : AuthException(ffi, behind = ffi.reasons) {
        public val problem: ChannelProblem = ffi.problem
    }

    /** Nobody is signed in. */
    public class NotSignedIn internal constructor(ffi: FfiException.NotSignedIn) : AuthException(ffi)

    /** The host has ended the session, or its refresh token has expired. */
    public class SessionEnded internal constructor(ffi: FfiException.SessionEnded) :
        AuthException(ffi, ffi.correlationId)

    /** The host refused to refresh the session, but did not say that it has ended. The user has to sign in again. */
    public class ReauthenticationRequired internal constructor(ffi: FfiException.ReauthenticationRequired) :
        AuthException(ffi, ffi.correlationId) {
        public val serverMessage: ServerMessage = ffi.serverMessage
    }

    /** The stored session was replaced by another sign-in, or removed by a sign-out, in the meantime. */
    public class SessionReplaced internal constructor(ffi: FfiException.SessionReplaced) : AuthException(ffi)

    /** Another call of this sign-in is still running. */
    public class Busy internal constructor(ffi: FfiException.Busy) : AuthException(ffi)

    /** The step is stale: the sign-in has moved on. Ask it for its current step. */
    public class StaleStep internal constructor(ffi: FfiException.StaleStep) : AuthException(ffi)

    /** The configuration is not valid. */
    public class Setup internal constructor(ffi: FfiException.Setup) : AuthException(ffi) {
        public val problem: String = ffi.problem
    }
}

/** The exception that apps get. The generated exception is not its cause, because that one's message lists its fields. */
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
    is FfiException.Qr -> AuthException.Qr(this)
    is FfiException.Channel -> AuthException.Channel(this)
    is FfiException.NotSignedIn -> AuthException.NotSignedIn(this)
    is FfiException.SessionEnded -> AuthException.SessionEnded(this)
    is FfiException.ReauthenticationRequired -> AuthException.ReauthenticationRequired(this)
    is FfiException.SessionReplaced -> AuthException.SessionReplaced(this)
    is FfiException.Busy -> AuthException.Busy(this)
    is FfiException.StaleStep -> AuthException.StaleStep(this)
    is FfiException.Cancelled -> CancellationException("cancelled")
    is FfiException.Setup -> AuthException.Setup(this)
}
