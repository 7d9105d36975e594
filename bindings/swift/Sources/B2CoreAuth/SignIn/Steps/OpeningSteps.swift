/// The front office's wizard has to be opened.
public struct StartStep: Hashable, Sendable {
    let raw: Raw.StartStep

    /// The e-mail of this sign-in, if it was given before.
    public var account: String? { raw.account() }

    /// True after a forced password reset: the new password is valid now.
    public var passwordChanged: Bool { raw.passwordChanged() }

    /// Opens the wizard. It does not count as an attempt.
    public func open() async throws -> SignInStep {
        try await .after { try await raw.open(cancel: $0) }
    }
}

/// E-mail and password are required.
public struct CredentialsStep: Hashable, Sendable {
    let raw: Raw.CredentialsStep

    /// The wizard's information, such as whether it requires reCAPTCHA.
    public var info: WizardInfo { WizardInfo(raw.info()) }

    /// The e-mail that was given before, to prefill the form.
    public var account: String? { raw.account() }

    /// True after a forced password reset: the new password is required.
    public var passwordChanged: Bool { raw.passwordChanged() }

    /// Submits e-mail and password. It counts as one of the account's attempts.
    ///
    /// - Parameters:
    ///   - email: The account's e-mail.
    ///   - password: Its password.
    ///   - recaptcha: The reCAPTCHA response, if ``WizardInfo/recaptchaRequired``.
    public func submit(email: String, password: String, recaptcha: String? = nil) async throws -> SignInStep {
        try await .after {
            try await raw.submit(email: email, password: password, recaptcha: recaptcha, cancel: $0)
        }
    }
}
