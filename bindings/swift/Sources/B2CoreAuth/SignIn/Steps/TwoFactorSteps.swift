import Foundation

/// One of several two-factor methods has to be chosen.
public struct ChooseMethodStep: Hashable, Sendable {
    let raw: Raw.ChooseMethodStep

    /// The account's e-mail.
    public var account: String { raw.account() }

    /// The methods to choose from; at least one.
    public var options: [MethodOption] { raw.options().map(MethodOption.init) }

    /// Chooses a method. For `.sms`, the host then sends a code.
    public func choose(_ method: TwoFactorMethod) async throws -> SignInStep {
        try await .after { try await raw.choose(method: method.raw, cancel: $0) }
    }
}

/// A code of the authenticator app or an SMS is required.
public struct CodeStep: Hashable, Sendable {
    let raw: Raw.CodeStep

    /// The account's e-mail.
    public var account: String { raw.account() }

    /// The method that the code belongs to.
    public var method: TwoFactorMethod { TwoFactorMethod(raw.method()) }

    /// All methods that can be used now, the current one first.
    public var methods: [TwoFactorMethod] { raw.methods().map(TwoFactorMethod.init) }

    /// The methods with the host's captions, as far as the host listed them.
    public var options: [MethodOption] { raw.options().map(MethodOption.init) }

    /// Submits a code. It counts as one of the account's attempts.
    public func submit(code: String) async throws -> SignInStep {
        try await .after { try await raw.submit(code: code, cancel: $0) }
    }

    /// How long to wait until another code can be requested with ``choose(_:)``, as far as it is known: 0, or what is left of a
    /// block by the host. No limit on text messages is documented; a host that has one says so when it refuses.
    public func anotherCodeAfter() async throws -> TimeInterval {
        TimeInterval(try await cancellable { try await raw.anotherCodeAfterSeconds(cancel: $0) })
    }

    /// Changes to another method, or requests another code of the same one.
    public func choose(_ method: TwoFactorMethod) async throws -> SignInStep {
        try await .after { try await raw.choose(method: method.raw, cancel: $0) }
    }
}

/// The code that the back office e-mailed is required.
public struct MailedCodeStep: Hashable, Sendable {
    let raw: Raw.MailedCodeStep

    /// The account's e-mail.
    public var account: String { raw.account() }

    /// How the code was sent: `email`, the only documented way.
    public var provider: String { raw.provider() }

    /// When the code expires by this device's clock.
    public var expiresAt: Date { Date(timeIntervalSince1970: Double(raw.expiresAtEpochSeconds())) }

    /// Submits a code. It counts as one of the account's attempts.
    public func submit(code: String) async throws -> SignInStep {
        try await .after { try await raw.submit(code: code, cancel: $0) }
    }
}
