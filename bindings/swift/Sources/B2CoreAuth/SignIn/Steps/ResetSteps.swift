/// The e-mailed code of a forced password reset is required.
public struct ResetCodeStep: Hashable, Sendable {
    let raw: Raw.ResetCodeStep

    /// The account's e-mail, to which the code was sent.
    public var account: String { raw.account() }

    /// Submits a code. It counts as one of the account's attempts.
    public func submit(code: String) async throws -> SignInStep {
        try await .after { try await raw.submit(code: code, cancel: $0) }
    }
}

/// A new password is required.
public struct NewPasswordStep: Hashable, Sendable {
    let raw: Raw.NewPasswordStep

    /// The account's e-mail.
    public var account: String { raw.account() }

    /// Sets the new password. The user then signs in with it.
    public func submit(password: String) async throws -> SignInStep {
        try await .after { try await raw.submit(password: password, cancel: $0) }
    }
}
