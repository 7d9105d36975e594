/// What is wrong with the user's input.
public enum InputProblem: String, CaseIterable, Codable, Hashable, Sendable {
    /// The e-mail is empty.
    case emailNeeded = "email_needed"
    /// The text is not an e-mail address.
    case noEmail = "no_email"
    /// The password is empty.
    case passwordNeeded = "password_needed"
    /// The new password is empty.
    case newPasswordNeeded = "new_password_needed"
    /// The code is empty.
    case codeNeeded = "code_needed"
    /// The code has characters that are not digits, or far too many.
    case codeNotDigits = "code_not_digits"
    /// The code has characters that are neither letters nor digits, or far too many.
    case codeNotLettersOrDigits = "code_not_letters_or_digits"
}

extension InputProblem {
    init(_ raw: Raw.InputProblem) {
        self =
            switch raw {
            case .emailNeeded: .emailNeeded
            case .noEmail: .noEmail
            case .passwordNeeded: .passwordNeeded
            case .newPasswordNeeded: .newPasswordNeeded
            case .codeNeeded: .codeNeeded
            case .codeNotDigits: .codeNotDigits
            case .codeNotLettersOrDigits: .codeNotLettersOrDigits
            }
    }

    var raw: Raw.InputProblem {
        switch self {
        case .emailNeeded: .emailNeeded
        case .noEmail: .noEmail
        case .passwordNeeded: .passwordNeeded
        case .newPasswordNeeded: .newPasswordNeeded
        case .codeNeeded: .codeNeeded
        case .codeNotDigits: .codeNotDigits
        case .codeNotLettersOrDigits: .codeNotLettersOrDigits
        }
    }
}
