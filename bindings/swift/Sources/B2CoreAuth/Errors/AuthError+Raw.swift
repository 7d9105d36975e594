import Foundation

// Both switches have no default: a new error of the library has to get a case here.

extension AuthError {
    /// `nil` for a call that was cancelled: in Swift that is a `CancellationError`.
    init?(_ raw: Raw.AuthError) {
        switch raw {
        case .WrongCredentials(let left, let message, let id):
            self = .wrongCredentials(
                attemptsLeft: left.map(Int.init), serverMessage: ServerMessage(message), correlationId: id)
        case .WrongCode(let left, let message, let id):
            self = .wrongCode(
                attemptsLeft: left.map(Int.init), serverMessage: ServerMessage(message), correlationId: id)
        case .PasswordRefused(let message, let id):
            self = .passwordRefused(serverMessage: ServerMessage(message), correlationId: id)
        case .Refused(let message, let id): self = .refused(serverMessage: ServerMessage(message), correlationId: id)
        case .RecaptchaRequired: self = .recaptchaRequired
        case .RecaptchaRefused(let message, let id):
            self = .recaptchaRefused(serverMessage: ServerMessage(message), correlationId: id)
        case .MethodNotAvailable: self = .methodNotAvailable
        case .InvalidInput(let problem): self = .invalidInput(InputProblem(problem))
        case .LockedOut(let seconds, let byHost, let id):
            self = .lockedOut(retryAfter: TimeInterval(seconds), byHost: byHost, correlationId: id)
        case .SignInExpired(let id): self = .signInExpired(correlationId: id)
        case .Network(let problem, let id, let reasons):
            self = .network(NetworkProblem(problem), correlationId: id, cause: FailureCause(reasons))
        case .HostFailed(let status, let seconds, let id):
            self = .hostFailed(status: Int(status), retryAfter: seconds.map(TimeInterval.init), correlationId: id)
        case .BackingOff(let seconds): self = .backingOff(retryAfter: TimeInterval(seconds))
        case .UnexpectedAnswer(let code, let problem, let id):
            self = .unexpectedAnswer(code: code, problem: problem, correlationId: id)
        case .StoreUnavailable(let reasons): self = .storeUnavailable(cause: FailureCause(reasons))
        case .StoreFailed(let code, let problem, let reasons):
            self = .storeFailed(code: code, problem: problem, cause: FailureCause(reasons))
        case .NotSaved(let problem, let id, let reasons):
            self = .notSaved(problem: problem, correlationId: id, cause: FailureCause(reasons))
        case .Qr(let problem, let message, let id, let reasons):
            self = .qr(
                QrProblem(problem), serverMessage: ServerMessage(message), correlationId: id, cause: FailureCause(reasons))
        case .Channel(let problem, let reasons):
            self = .channel(ChannelProblem(problem), cause: FailureCause(reasons))
        case .NotSignedIn: self = .notSignedIn
        case .SessionEnded(let id): self = .sessionEnded(correlationId: id)
        case .ReauthenticationRequired(let message, let id):
            self = .reauthenticationRequired(serverMessage: ServerMessage(message), correlationId: id)
        case .SessionReplaced: self = .sessionReplaced
        case .Busy: self = .busy
        case .StaleStep: self = .staleStep
        case .Cancelled: return nil
        case .Setup(let problem): self = .setup(problem: problem)
        }
    }

    /// The same for the library, which knows its code, recovery and texts.
    var raw: Raw.AuthError {
        switch self {
        case .wrongCredentials(let left, let message, let id):
            .WrongCredentials(attemptsLeft: left.flatMap(Int32.init), serverMessage: message.raw, correlationId: id)
        case .wrongCode(let left, let message, let id):
            .WrongCode(attemptsLeft: left.flatMap(Int32.init), serverMessage: message.raw, correlationId: id)
        case .passwordRefused(let message, let id): .PasswordRefused(serverMessage: message.raw, correlationId: id)
        case .refused(let message, let id): .Refused(serverMessage: message.raw, correlationId: id)
        case .recaptchaRequired: .RecaptchaRequired
        case .recaptchaRefused(let message, let id):
            .RecaptchaRefused(serverMessage: message.raw, correlationId: id)
        case .methodNotAvailable: .MethodNotAvailable
        case .invalidInput(let problem): .InvalidInput(problem: problem.raw)
        case .lockedOut(let wait, let byHost, let id):
            .LockedOut(retryAfterSeconds: wait.wholeSeconds, byHost: byHost, correlationId: id)
        case .signInExpired(let id): .SignInExpired(correlationId: id)
        case .network(let problem, let id, let cause):
            .Network(problem: problem.raw, correlationId: id, reasons: cause.raw)
        case .hostFailed(let status, let wait, let id):
            .HostFailed(
                status: Int32(clamping: status), retryAfterSeconds: wait.map(\.wholeSeconds), correlationId: id)
        case .backingOff(let wait): .BackingOff(retryAfterSeconds: wait.wholeSeconds)
        case .unexpectedAnswer(let code, let problem, let id):
            .UnexpectedAnswer(code: code, problem: problem, correlationId: id)
        case .storeUnavailable(let cause): .StoreUnavailable(reasons: cause.raw)
        case .storeFailed(let code, let problem, let cause):
            .StoreFailed(code: code, problem: problem, reasons: cause.raw)
        case .notSaved(let problem, let id, let cause):
            .NotSaved(problem: problem, correlationId: id, reasons: cause.raw)
        case .qr(let problem, let message, let id, let cause):
            .Qr(problem: problem.raw, serverMessage: message.raw, correlationId: id, reasons: cause.raw)
        case .channel(let problem, let cause): .Channel(problem: problem.raw, reasons: cause.raw)
        case .notSignedIn: .NotSignedIn
        case .sessionEnded(let id): .SessionEnded(correlationId: id)
        case .reauthenticationRequired(let message, let id):
            .ReauthenticationRequired(serverMessage: message.raw, correlationId: id)
        case .sessionReplaced: .SessionReplaced
        case .busy: .Busy
        case .staleStep: .StaleStep
        case .setup(let problem): .Setup(problem: problem)
        }
    }

    /// The error of a call of the library, whatever it threw. What is neither of its own errors nor a cancel is a defect, whose
    /// text is not shown: nobody has looked at what it may hold.
    static func of(_ error: any Error) -> AuthError? {
        switch error {
        case let error as AuthError: error
        case let raw as Raw.AuthError: AuthError(raw)
        case is CancellationError: nil
        default: .defect
        }
    }

    /// The library has done what it never does.
    static let defect = AuthError.unexpectedAnswer(
        code: "protocol", problem: "a defect of this library", correlationId: nil)
}

extension TimeInterval {
    /// Rounded up; zero if it is negative or no number.
    var wholeSeconds: Int64 { Int64(exactly: Swift.max(rounded(.up), 0)) ?? 0 }
}
