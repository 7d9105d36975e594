import B2CoreAuthGenerated

/// The e-mailed code of a forced reset is wanted.
public struct ResetCodeStep: Sendable {
    let raw: B2CoreAuthGenerated.ResetCodeStep

    /// The account's e-mail, where the code went.
    public var account: String { raw.account() }

    /// Submits a code. It costs one of few attempts.
    public func submit(code: String) async throws -> SignInStep {
        try await .after { try await raw.submit(code: code, cancel: $0) }
    }
}

/// A new password is wanted.
public struct NewPasswordStep: Sendable {
    let raw: B2CoreAuthGenerated.NewPasswordStep

    /// The account's e-mail.
    public var account: String { raw.account() }

    /// Sets the new password; the next step wants it with the e-mail.
    public func submit(password: String) async throws -> SignInStep {
        try await .after { try await raw.submit(password: password, cancel: $0) }
    }
}
