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
        case .Network(let problem, let id): self = .network(NetworkProblem(problem), correlationId: id)
        case .HostFailed(let status, let seconds, let id):
            self = .hostFailed(status: Int(status), retryAfter: seconds.map(TimeInterval.init), correlationId: id)
        case .BackingOff(let seconds): self = .backingOff(retryAfter: TimeInterval(seconds))
        case .UnexpectedAnswer(let code, let problem, let id):
            self = .unexpectedAnswer(code: code, problem: problem, correlationId: id)
        case .StoreUnavailable: self = .storeUnavailable
        case .StoreFailed(let code, let problem): self = .storeFailed(code: code, problem: problem)
        case .NotSaved(let problem, let id): self = .notSaved(problem: problem, correlationId: id)
        case .Qr(let problem, let message, let id):
            self = .qr(QrProblem(problem), serverMessage: ServerMessage(message), correlationId: id)
        case .Channel(let problem): self = .channel(ChannelProblem(problem))
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
        case .network(let problem, let id): .Network(problem: problem.raw, correlationId: id)
        case .hostFailed(let status, let wait, let id):
            .HostFailed(
                status: Int32(clamping: status), retryAfterSeconds: wait.map(\.wholeSeconds), correlationId: id)
        case .backingOff(let wait): .BackingOff(retryAfterSeconds: wait.wholeSeconds)
        case .unexpectedAnswer(let code, let problem, let id):
            .UnexpectedAnswer(code: code, problem: problem, correlationId: id)
        case .storeUnavailable: .StoreUnavailable
        case .storeFailed(let code, let problem): .StoreFailed(code: code, problem: problem)
        case .notSaved(let problem, let id): .NotSaved(problem: problem, correlationId: id)
        case .qr(let problem, let message, let id):
            .Qr(problem: problem.raw, serverMessage: message.raw, correlationId: id)
        case .channel(let problem): .Channel(problem: problem.raw)
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
