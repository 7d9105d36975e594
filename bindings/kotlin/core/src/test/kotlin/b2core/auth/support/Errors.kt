package b2core.auth.support

import b2core.auth.ServerMessage
import b2core.auth.ChannelProblem
import b2core.auth.InputProblem
import b2core.auth.NetworkProblem
import b2core.auth.QrProblem
import b2core.auth.ffi.AuthException
import b2core.auth.ffi.Reasons

/** One of each generated error, with all that it can carry. */
fun oneOfEach(message: ServerMessage, id: String, reasons: Reasons = Reasons(listOf("a reason"), null)): List<AuthException> = listOf(
    AuthException.WrongCredentials(2, message, id),
    AuthException.WrongCode(2, message, id),
    AuthException.PasswordRefused(message, id),
    AuthException.Refused(message, id),
    AuthException.RecaptchaRequired(),
    AuthException.RecaptchaRefused(message, id),
    AuthException.MethodNotAvailable(),
    AuthException.InvalidInput(InputProblem.EMAIL_NEEDED),
    AuthException.LockedOut(90, true, id),
    AuthException.SignInExpired(id),
    AuthException.Network(NetworkProblem.TLS, id, reasons),
    AuthException.HostFailed(503, 7, id),
    AuthException.BackingOff(90),
    AuthException.UnexpectedAnswer("not_b2core", "no JSON", id),
    AuthException.StoreUnavailable(reasons),
    AuthException.StoreFailed("store_failed", "the store failed", reasons),
    AuthException.NotSaved("the store failed", id, reasons),
    AuthException.Qr(QrProblem.EXPIRED, message, id, reasons),
    AuthException.Channel(ChannelProblem.TLS, reasons),
    AuthException.NotSignedIn(),
    AuthException.SessionEnded(id),
    AuthException.ReauthenticationRequired(message, id),
    AuthException.SessionReplaced(),
    AuthException.Busy(),
    AuthException.StaleStep(),
    AuthException.Cancelled(),
    AuthException.Setup("no host"),
)
