import Foundation

/// What went wrong. ``recovery`` says what to do next, ``code`` is a stable name for programs, and ``localizedMessage(locale:)``
/// is for the user.
///
/// A call that is cancelled throws `CancellationError` and none of these. An error prints a sentence in English, for a log,
/// without secrets and without what the host wrote.
///
/// What the app's own code threw, such as its store or its transport, is ``underlyingError``: that very error. Neither a description
/// nor a message, nor what an `NSError` of it prints, has any of its text. What the library knows of why is in ``reasons``.
public enum AuthError: Error, Hashable, Sendable {
    /// The host does not accept this e-mail and password.
    case wrongCredentials(attemptsLeft: Int?, serverMessage: ServerMessage, correlationId: String?)
    /// The code is wrong or has expired. The step stays usable.
    case wrongCode(attemptsLeft: Int?, serverMessage: ServerMessage, correlationId: String?)
    /// The new password breaks the host's rules. The step stays usable.
    case passwordRefused(serverMessage: ServerMessage, correlationId: String?)
    /// The host refuses this account, device, address or method.
    case refused(serverMessage: ServerMessage, correlationId: String?)
    /// The wizard requires a reCAPTCHA response. Nothing was sent.
    case recaptchaRequired
    /// The host did not accept the reCAPTCHA response.
    case recaptchaRefused(serverMessage: ServerMessage, correlationId: String?)
    /// This method is not enabled for the account. Nothing was sent.
    case methodNotAvailable
    /// The input is malformed. Nothing was sent, and no attempt was counted.
    case invalidInput(InputProblem)
    /// Too many attempts: wait for so many seconds. The password or code was not checked. `byHost` is true if the host has blocked
    /// the account, false if the local rate limiter held the request back.
    case lockedOut(retryAfter: TimeInterval, byHost: Bool, correlationId: String?)
    /// The host does not know this sign-in any more, or it was pending for too long.
    case signInExpired(correlationId: String?)
    /// The request or its answer did not get through.
    case network(NetworkProblem, correlationId: String?, cause: FailureCause = FailureCause())
    /// The host reports a failure of its own, with this HTTP status (5xx). `retryAfter` is how many seconds to wait, if the host
    /// says so.
    case hostFailed(status: Int, retryAfter: TimeInterval?, correlationId: String?)
    /// Backing off: the host failed a short while ago or sent `Retry-After`, so no refresh was sent. The next one may be sent after
    /// so many seconds. The session is kept.
    case backingOff(retryAfter: TimeInterval)
    /// The answer is not B2Core's, or one that B2Core's documentation does not know; `code` is the stable name of this kind of
    /// answer. A defect of this library is reported as one too. `problem` is in English and for a log.
    case unexpectedAnswer(code: String, problem: String, correlationId: String?)
    /// The store cannot be read now, for example because the device is locked. It does not mean "signed out".
    case storeUnavailable(cause: FailureCause = FailureCause())
    /// The store failed: a wrong key, corrupt data, a newer format, or an error of its own; `code` is the stable name of this kind
    /// of failure. `problem` is in English and for a log.
    case storeFailed(code: String, problem: String, cause: FailureCause = FailureCause())
    /// The host has issued new tokens, but they could not be saved. `problem` is in English and for a log.
    case notSaved(problem: String, correlationId: String?, cause: FailureCause = FailureCause())
    /// A QR sign-in did not go on.
    case qr(QrProblem, serverMessage: ServerMessage, correlationId: String?, cause: FailureCause = FailureCause())
    /// The live channel of QR sign-in cannot be watched, so that no approval would arrive.
    case channel(ChannelProblem, cause: FailureCause = FailureCause())
    /// Nobody is signed in.
    case notSignedIn
    /// The host has ended the session, or its refresh token has expired.
    case sessionEnded(correlationId: String?)
    /// The host refused to refresh the session, but did not say that the session has ended. The user has to sign in again.
    case reauthenticationRequired(serverMessage: ServerMessage, correlationId: String?)
    /// The stored session was replaced by another sign-in, or removed by a sign-out, in the meantime.
    case sessionReplaced
    /// Another call of this sign-in is still running.
    case busy
    /// The step is stale: the sign-in has moved on. ``SignIn/current`` is the step to use.
    case staleStep
    /// The configuration is not valid. `problem` is in English and for a log.
    case setup(problem: String)
}

extension AuthError {
    /// A stable name for programs, such as `wrong_code`: the same one that `b2auth --json` prints as `kind`.
    public var code: String { raw.code() }

    /// What to do next.
    public var recovery: Recovery { Recovery(raw.recovery()) }

    /// The id under which the host's operator finds the request; `nil` if none was sent.
    public var correlationId: String? {
        switch self {
        case .wrongCredentials(_, _, let id), .wrongCode(_, _, let id), .passwordRefused(_, let id), .refused(_, let id),
            .recaptchaRefused(_, let id), .lockedOut(_, _, let id), .signInExpired(let id), .network(_, let id, _),
            .hostFailed(_, _, let id), .unexpectedAnswer(_, _, let id), .notSaved(_, let id, _), .qr(_, _, let id, _),
            .sessionEnded(let id), .reauthenticationRequired(_, let id):
            id
        case .recaptchaRequired, .methodNotAvailable, .invalidInput, .backingOff, .storeUnavailable, .storeFailed,
            .channel, .notSignedIn, .sessionReplaced, .busy, .staleStep, .setup:
            nil
        }
    }

    /// What lies behind it, the nearest first, in English and for a log or a report: such as `name not found: broker.example`,
    /// `connection refused by 127.0.0.1:3128 (proxy from HTTPS_PROXY)`. They may name hosts, addresses and files, and have no secret.
    /// Empty if nothing more is known than the error itself says.
    public var reasons: [String] { cause?.reasons ?? [] }

    /// The first of the ``reasons``; `nil` if there is none.
    public var reason: String? { reasons.first }

    /// What the app's own code threw, such as its store or its transport; `nil` if it threw nothing. Its text may hold anything, so it
    /// is printed nowhere by itself.
    public var underlyingError: (any Error)? { cause?.underlyingError }

    private var cause: FailureCause? {
        switch self {
        case .network(_, _, let cause), .storeUnavailable(let cause), .storeFailed(_, _, let cause), .notSaved(_, _, let cause),
            .qr(_, _, _, let cause), .channel(_, let cause):
            cause
        case .wrongCredentials, .wrongCode, .passwordRefused, .refused, .recaptchaRequired, .recaptchaRefused,
            .methodNotAvailable, .invalidInput, .lockedOut, .signInExpired, .hostFailed, .backingOff, .unexpectedAnswer,
            .notSignedIn, .sessionEnded, .reauthenticationRequired, .sessionReplaced, .busy, .staleStep, .setup:
            nil
        }
    }

    /// The host's message for the user; `nil` if the host was not asked, or has no message for this kind of error.
    public var serverMessage: ServerMessage? {
        switch self {
        case .wrongCredentials(_, let message, _), .wrongCode(_, let message, _), .passwordRefused(let message, _),
            .refused(let message, _), .recaptchaRefused(let message, _), .qr(_, let message, _, _),
            .reauthenticationRequired(let message, _):
            message
        case .recaptchaRequired, .methodNotAvailable, .invalidInput, .lockedOut, .signInExpired, .network, .hostFailed,
            .backingOff, .unexpectedAnswer, .storeUnavailable, .storeFailed, .notSaved, .channel, .notSignedIn,
            .sessionEnded, .sessionReplaced, .busy, .staleStep, .setup:
            nil
        }
    }
}
