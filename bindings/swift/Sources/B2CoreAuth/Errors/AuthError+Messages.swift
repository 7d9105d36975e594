import Foundation

extension AuthError: LocalizedError {
    /// The message for the user: what went wrong and what to do next, in the locale's language, or in English if there is
    /// none. The host's message is not in it. For a log, print the error itself, which is English.
    public func localizedMessage(locale: Locale = .current) -> String {
        let messages = Messages(locale)
        // The data are in the alphabetical order of their names: attempts, status, wait.
        switch self {
        case .lockedOut(let wait, _, _):
            return messages.text(messageId, messages.wait(wait.wholeSeconds))
        case .backingOff(let wait):
            return messages.text(messageId, messages.wait(wait.wholeSeconds))
        case .hostFailed(let status, let wait, _):
            return messages.text(messageId, ["\(status)"] + (wait.map { [messages.wait($0.wholeSeconds)] } ?? []))
        case .wrongCredentials(let left, _, _), .wrongCode(let left, _, _):
            return messages.text(messageId, left.map { ["\($0)"] } ?? [])
        default:
            return messages.text(messageId)
        }
    }

    /// The message in the current locale's language. `localizedDescription` returns it too.
    public var errorDescription: String? { localizedMessage() }

    /// The id of the message in the catalogue: the code, with a suffix where one code has several messages.
    var messageId: String { raw.messageId() }
}

extension AuthError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A sentence in English, for a log.
    public var description: String { raw.description }
    public var debugDescription: String { description }

    /// The code alone. `dump` reflects on values, whatever their description is.
    public var customMirror: Mirror { Mirror(self, children: ["code": code]) }
}

extension AuthError: CustomNSError {
    /// `B2CoreAuth.AuthError`.
    public static var errorDomain: String { "B2CoreAuth.AuthError" }

    /// A number of its own for each case, which never changes its meaning.
    public var errorCode: Int {
        switch self {
        case .wrongCredentials: 1
        case .wrongCode: 2
        case .passwordRefused: 3
        case .refused: 4
        case .recaptchaRequired: 5
        case .recaptchaRefused: 6
        case .methodNotAvailable: 7
        case .invalidInput: 8
        case .lockedOut: 9
        case .signInExpired: 10
        case .network: 11
        case .hostFailed: 12
        case .backingOff: 13
        case .unexpectedAnswer: 14
        case .storeUnavailable: 15
        case .storeFailed: 16
        case .notSaved: 17
        case .qr: 18
        case .channel: 19
        case .notSignedIn: 20
        case .sessionEnded: 21
        case .reauthenticationRequired: 22
        case .sessionReplaced: 23
        case .busy: 24
        case .staleStep: 25
        case .setup: 26
        }
    }

    /// The message for the user.
    public var errorUserInfo: [String: Any] { [NSLocalizedDescriptionKey: localizedMessage()] }
}
