/// Whether a user is signed in. It prints without the account.
public enum AuthState: Hashable, Sendable {
    /// Nobody is signed in.
    case signedOut
    /// The account with this e-mail is signed in.
    case signedIn(account: String)
    /// The account with this e-mail is signed in, but the host refuses to refresh its session. The access token may still be
    /// usable for a while; then the user has to sign in again.
    case reauthenticationRequired(account: String)
    /// The store cannot be read now. It does not mean "signed out".
    case unavailable
}

extension AuthState {
    init(_ raw: Raw.AuthState) {
        self =
            switch raw {
            case .signedOut: .signedOut
            case .signedIn(let account): .signedIn(account: account)
            case .reauthenticationRequired(let account): .reauthenticationRequired(account: account)
            case .unavailable: .unavailable
            }
    }
}

extension AuthState: CustomStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .signedOut: "signedOut"
        case .signedIn: "signedIn(..)"
        case .reauthenticationRequired: "reauthenticationRequired(..)"
        case .unavailable: "unavailable"
        }
    }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
