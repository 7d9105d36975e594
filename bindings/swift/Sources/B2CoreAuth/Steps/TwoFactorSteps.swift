import B2CoreAuthGenerated
import Foundation

/// One of several two-factor methods has to be chosen.
public struct ChooseMethodStep: Sendable {
    let raw: B2CoreAuthGenerated.ChooseMethodStep

    /// The account's e-mail.
    public var account: String { raw.account() }

    /// The methods to choose from, never none.
    public var options: [MethodOption] { raw.options() }

    /// Chooses; `.sms` makes the host send one.
    public func choose(_ method: TwoFactorMethod) async throws -> SignInStep {
        try await .after { try await raw.choose(method: method, cancel: $0) }
    }
}

/// A code of the authenticator app or an SMS is wanted.
public struct CodeStep: Sendable {
    let raw: B2CoreAuthGenerated.CodeStep

    /// The account's e-mail.
    public var account: String { raw.account() }

    /// Where the code comes from.
    public var method: TwoFactorMethod { raw.method() }

    /// Every method that can be used now, this one first.
    public var methods: [TwoFactorMethod] { raw.methods() }

    /// The methods with what to show for them, as far as the host listed them.
    public var options: [MethodOption] { raw.options() }

    /// Submits a code. It costs one of few attempts.
    public func submit(code: String) async throws -> SignInStep {
        try await .after { try await raw.submit(code: code, cancel: $0) }
    }

    /// Changes to another method, or asks for the same once more.
    public func choose(_ method: TwoFactorMethod) async throws -> SignInStep {
        try await .after { try await raw.choose(method: method, cancel: $0) }
    }
}

/// The back office's e-mailed code is wanted.
public struct MailedCodeStep: Sendable {
    let raw: B2CoreAuthGenerated.MailedCodeStep

    /// The account's e-mail.
    public var account: String { raw.account() }

    /// How the code was delivered: `email`, the only way documented.
    public var provider: String { raw.provider() }

    /// When the code is over, by this device's clock.
    public var expiresAt: Date { Date(timeIntervalSince1970: Double(raw.expiresAtEpochSeconds())) }

    /// Submits a code. It costs one of few attempts.
    public func submit(code: String) async throws -> SignInStep {
        try await .after { try await raw.submit(code: code, cancel: $0) }
    }
}
