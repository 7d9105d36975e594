extension Sandbox {
    /// The password of all built-in users.
    public static let password = "Secret123"

    /// What ``signIn(_:as:password:)`` sets where a new password is required, unless it is the present one.
    public static let newPassword = "Changed123"

    /// Front office: signs in with the password alone.
    public static let plain = "plain@example.com"

    /// Front office: an authenticator app.
    public static let totp = "totp@example.com"

    /// Front office: codes by SMS.
    public static let sms = "sms@example.com"

    /// Front office: chooses between an authenticator app and SMS.
    public static let both = "both@example.com"

    /// Front office: must set a new password at the first sign-in.
    public static let reset = "reset@example.com"

    /// Back office: signs in with the password alone.
    public static let root = "root@example.com"

    /// Back office: codes by mail.
    public static let admin = "admin@example.com"

    /// The password of this user, as far as this object has set it; ``password`` otherwise.
    public func password(of email: String) -> String { passwords[email] ?? Sandbox.password }

    /// Adds a user.
    ///
    /// - Throws: ``SandboxError/users(_:)`` if a field cannot be used, or the e-mail is taken.
    public func addUser(_ user: NewUser) throws(SandboxError) {
        try native { try raw.addUser(user: user.raw) }
        passwords[user.email] = user.password
    }

    /// Adds the users of a TOML text of `[[user]]` tables, all of them or none.
    ///
    /// - Throws: ``SandboxError/users(_:)`` with the line and the field.
    public func addUsers(toml: String) throws(SandboxError) {
        try native { try raw.addUsers(toml: toml) }
    }

    /// Makes the next sign-in of this front-office user lead to a new password. False when there is no such user.
    @discardableResult
    public func forceReset(_ email: String) -> Bool { raw.forceReset(email: email) }
}
