import B2CoreAuth

extension Sandbox {
    /// Signs a user in with everything that this takes: codes by SMS and mail, an authenticator code, a new password. What it has set
    /// as the password, and what ``addUser(_:)`` has, it knows; for users of a TOML text, give the password.
    ///
    /// - Throws: `AuthError` as an app would get it, for example where a fault acts, and ``SandboxSignInError`` where nobody could
    ///   sign in so. Three authenticator codes of a user are good within half a minute; then ``advance(by:)`` first.
    @discardableResult
    public func signIn(
        _ client: AuthClient, as email: String = Sandbox.plain, password: String? = nil
    ) async throws -> Session {
        guard let user = users.first(where: { $0.email.lowercased() == email.lowercased() }) else {
            throw SandboxSignInError.noSuchUser
        }
        var helper = SignInHelper(sandbox: self, email: email, password: password ?? self.password(of: email))
        let known = helper.password
        defer { if helper.password != known { passwords[email] = helper.password } }
        return try await helper.signIn(client, user.office)
    }
}

/// Why ``Sandbox/signIn(_:as:password:)`` cannot sign this user in: a mistake of the test's.
public enum SandboxSignInError: Error, Equatable, Sendable {
    /// The sandbox has no user of this e-mail.
    case noSuchUser
    /// The user has no authenticator, but the host asks for its code.
    case noAuthenticator
    /// No code was sent to the user.
    case noCodeSent
    /// The host requires a step that this version does not support: sign in by hand.
    case unsupported(workflow: String)
    /// The sign-in does not come to an end.
    case endless
}

/// Signs a user in as somebody would who has their phone, their authenticator and their mailbox at hand.
private struct SignInHelper {
    let sandbox: Sandbox
    let email: String
    /// The password that is right now; a sign-in can lead to a new one.
    private(set) var password: String

    init(sandbox: Sandbox, email: String, password: String) {
        (self.sandbox, self.email, self.password) = (sandbox, email, password)
    }

    mutating func signIn(_ client: AuthClient, _ office: Office) async throws -> Session {
        let signIn = client.signIn(office)
        // More than the longest sign-in has, which sets a new password on its way.
        for _ in 0..<12 {
            let step = signIn.current
            if case .signedIn(let session) = step { return session }
            try await go(step)
        }
        throw SandboxSignInError.endless
    }

    private mutating func go(_ step: SignInStep) async throws {
        switch step {
        case .start(let step): _ = try await step.open()
        case .credentials(let step):
            let recaptcha = step.info.recaptchaRequired ? "solved" : nil
            _ = try await step.submit(email: email, password: password, recaptcha: recaptcha)
        case .chooseMethod(let step): _ = try await step.choose(step.options[0].method)
        case .code(let step):
            _ = try await step.submit(code: step.method == .google ? appCode() : sentCode())
        case .mailedCode(let step): _ = try await step.submit(code: sentCode())
        case .resetCode(let step): _ = try await step.submit(code: sentCode())
        case .newPassword(let step):
            let next = password == Sandbox.newPassword ? Sandbox.password : Sandbox.newPassword
            _ = try await step.submit(password: next)
            password = next
        case .unsupported(let workflow): throw SandboxSignInError.unsupported(workflow: workflow)
        case .signedIn: break
        }
    }

    private func appCode() throws -> String {
        guard let code = sandbox.totpCode(email) else { throw SandboxSignInError.noAuthenticator }
        return code
    }

    private func sentCode() throws -> String {
        guard let code = sandbox.lastCode(email) else { throw SandboxSignInError.noCodeSent }
        return code
    }
}
