import B2CoreAuthGenerated

/// Before the front office's wizard is open.
public struct StartStep: Sendable {
    let raw: B2CoreAuthGenerated.StartStep

    /// The e-mail that this sign-in is for, if it was given before.
    public var account: String? { raw.account() }

    /// True after a forced reset: the new password is in force.
    public var passwordChanged: Bool { raw.passwordChanged() }

    /// Opens the wizard. It costs no attempt.
    public func open() async throws -> SignInStep {
        try await .after { try await raw.open(cancel: $0) }
    }
}

/// E-mail and password are wanted.
public struct CredentialsStep: Sendable {
    let raw: B2CoreAuthGenerated.CredentialsStep

    /// What the host says about its sign-in page, such as whether reCAPTCHA is demanded.
    public var info: WizardInfo { raw.info() }

    /// The e-mail that was given before, to fill the form with.
    public var account: String? { raw.account() }

    /// True after a forced reset: it is the new password that is wanted.
    public var passwordChanged: Bool { raw.passwordChanged() }

    /// Submits e-mail and password. It costs one of the account's few attempts.
    ///
    /// - Parameter recaptcha: The reCAPTCHA response, where `info.recaptchaRequired`.
    public func submit(email: String, password: String, recaptcha: String? = nil) async throws -> SignInStep {
        try await .after {
            try await raw.submit(email: email, password: password, recaptcha: recaptcha, cancel: $0)
        }
    }
}
