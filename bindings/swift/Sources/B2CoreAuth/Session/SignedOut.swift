/// The result of a sign-out. Nobody is signed in on this device any more. It prints without the account.
public struct SignedOut: Hashable, Sendable {
    /// The e-mail of the account that was signed in; `nil` if only a sign-in was pending, or nothing at all.
    public let account: String?

    /// Whether the host has revoked the tokens.
    public let revocation: RevocationStatus

    /// The code of the error that prevented the revocation, such as `unreachable`; `nil` if there was none.
    public let cause: String?

    /// A result, such as for a test of a view.
    public init(account: String?, revocation: RevocationStatus, cause: String? = nil) {
        (self.account, self.revocation, self.cause) = (account, revocation, cause)
    }
}

extension SignedOut {
    init(_ raw: Raw.SignedOut) {
        self.init(account: raw.account, revocation: RevocationStatus(raw.revocation), cause: raw.cause)
    }
}

extension SignedOut: CustomStringConvertible, CustomReflectable {
    public var description: String { "SignedOut(revocation: \(revocation))" }
    public var customMirror: Mirror { Mirror(self, children: ["revocation": revocation]) }
}

/// Whether the host has revoked the tokens of a session that was signed out.
public enum RevocationStatus: String, CaseIterable, Codable, Hashable, Sendable {
    /// The host has revoked the tokens.
    case revoked
    /// There were no tokens to revoke.
    case nothingToRevoke = "nothing_to_revoke"
    /// The host has not confirmed yet: it could not be reached, or a refresh is in flight that may bring other tokens. The
    /// request will be sent with the next refresh, sign-out or ``AuthClient/deliverPendingRevocations(_:)``, until the refresh
    /// token expires.
    case pending
    /// The host has not confirmed, and nothing can be sent later: the request could not be stored, or the answer to a refresh was
    /// lost together with its tokens. Tokens may stay valid until they expire.
    case notRevoked = "not_revoked"
}

extension RevocationStatus {
    init(_ raw: Raw.RevocationStatus) {
        self =
            switch raw {
            case .revoked: .revoked
            case .nothingToRevoke: .nothingToRevoke
            case .pending: .pending
            case .notRevoked: .notRevoked
            }
    }
}
