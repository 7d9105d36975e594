import B2CoreAuth
internal import B2CoreAuthSandboxGenerated

/// Somebody who can sign in to a ``Sandbox``, without secrets: see ``Sandbox/totpSecret(_:)``.
public struct SandboxUser: Equatable, Hashable, Sendable, Identifiable {
    /// The e-mail to sign in with.
    public let email: String
    /// The office.
    public let office: Office
    /// The second factors at the front office.
    public let methods: [TwoFactorMethod]
    /// Whether the back office mails a code at sign-in.
    public let hasMailedCode: Bool
    /// Whether the next sign-in leads to a new password.
    public let mustResetPassword: Bool
    /// The id that tokens carry.
    public let clientId: Int64
    /// The phone that text messages go to; `nil` for none.
    public let phone: String?

    public var id: Int64 { clientId }

    init(_ raw: B2CoreAuthSandboxGenerated.SandboxUser) {
        email = raw.email
        office = Office(raw.office)
        methods = (raw.google ? [.google] : []) + (raw.sms ? [.sms] : [])
        hasMailedCode = raw.mailedCode
        mustResetPassword = raw.forceReset
        clientId = raw.clientId
        phone = raw.phone
    }
}

/// A user of a test's own, for ``Sandbox/addUser(_:)`` and ``SandboxSettings/users``. What is not set is as for ``Sandbox/plain``: a
/// client of the front office without a second factor. It prints without its secrets.
public struct NewUser: Sendable {
    /// The e-mail to sign in with.
    public var email: String
    /// The password.
    public var password: String
    /// The office.
    public var office: Office
    /// The second factors. Front office only.
    public var methods: [TwoFactorMethod]
    /// The authenticator's secret, base32 of at least 16 bytes; `nil` for one that is made up.
    public var totpSecret: String?
    /// The phone; `nil` for one that is made up.
    public var phone: String?
    /// Whether the next sign-in leads to a new password. Front office only.
    public var mustResetPassword: Bool
    /// Whether a code is mailed at sign-in. Back office only.
    public var hasMailedCode: Bool

    /// A user with the password of the built-in ones, unless another one is given.
    public init(
        _ email: String, password: String = Sandbox.password, office: Office = .front, methods: [TwoFactorMethod] = [],
        totpSecret: String? = nil, phone: String? = nil, mustResetPassword: Bool = false, hasMailedCode: Bool = false
    ) {
        (self.email, self.password, self.office, self.methods) = (email, password, office, methods)
        (self.totpSecret, self.phone) = (totpSecret, phone)
        (self.mustResetPassword, self.hasMailedCode) = (mustResetPassword, hasMailedCode)
    }

    var raw: B2CoreAuthSandboxGenerated.NewUser {
        .init(
            email: email, password: password, office: office.raw, google: methods.contains(.google),
            sms: methods.contains(.sms), totpSecret: totpSecret, phone: phone, forceReset: mustResetPassword,
            mailedCode: hasMailedCode)
    }
}

extension NewUser: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "NewUser(\(office))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["office": office]) }
}

extension Office {
    init(_ raw: B2CoreAuthSandboxGenerated.SandboxOffice) {
        switch raw {
        case .front: self = .front
        case .back: self = .back
        }
    }

    fileprivate var raw: B2CoreAuthSandboxGenerated.SandboxOffice {
        switch self {
        case .front: .front
        case .back: .back
        }
    }
}
