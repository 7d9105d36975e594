import B2CoreAuthGenerated

/// A sign-in under way. It owns the place where the user is; after an error, a cancel or a doubt, ``current`` says
/// where that is.
public final class SignIn: Sendable {
    private let raw: B2CoreAuthGenerated.SignIn

    init(_ raw: B2CoreAuthGenerated.SignIn) {
        self.raw = raw
    }

    /// The office that is signed in to.
    public var office: Office { raw.office() }

    /// Where the sign-in is now.
    public var current: SignInStep { SignInStep(raw.current()) }

    /// Notes the e-mail before it is submitted: a lock-out is then known before the host is asked.
    public func setAccount(_ email: String) {
        raw.setAccount(email: email)
    }

    /// Keeps the pending step, so that another process can go on from it. A sign-in does so by itself as soon as the
    /// host has accepted something.
    public func save() async throws {
        try await cancellable { try await self.raw.save(cancel: $0) }
    }

    /// Gives the sign-in up: its pending step is removed from the store.
    public func abandon() async throws {
        try await cancellable { try await self.raw.abandon(cancel: $0) }
    }
}
