/// A sign-in. It owns the current step. After an error, a cancel or a lost answer, ``current`` is the step to go on from.
public final class SignIn: Sendable {
    private let raw: Raw.SignIn

    init(_ raw: Raw.SignIn) {
        self.raw = raw
    }

    /// The office of this sign-in.
    public var office: Office { Office(raw.office()) }

    /// The current step.
    public var current: SignInStep { SignInStep(raw.current()) }

    /// Sets the e-mail before it is submitted, so that a lock-out of this account is known before a request is sent.
    public func setAccount(_ email: String) {
        raw.setAccount(email: email)
    }

    /// Saves the pending step to the store, so that another process can resume it. It is saved automatically once the host
    /// has accepted an answer.
    public func save() async throws {
        try await cancellable { try await self.raw.save(cancel: $0) }
    }

    /// Abandons the sign-in: removes its pending step from the store.
    public func abandon() async throws {
        try await cancellable { try await self.raw.abandon(cancel: $0) }
    }
}

extension SignIn: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["office": office]) }
}
