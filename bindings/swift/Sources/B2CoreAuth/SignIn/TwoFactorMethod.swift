/// A two-factor method of the front office.
public enum TwoFactorMethod: String, CaseIterable, Codable, Hashable, Sendable {
    /// A code from Google Authenticator, or from any other TOTP app.
    case google
    /// A code sent to the client's phone.
    case sms
}

extension TwoFactorMethod {
    init(_ raw: Raw.TwoFactorMethod) {
        self =
            switch raw {
            case .google: .google
            case .sms: .sms
            }
    }

    var raw: Raw.TwoFactorMethod {
        switch self {
        case .google: .google
        case .sms: .sms
        }
    }
}

/// A two-factor method that the client can choose. It prints without the caption, which may contain the client's phone number.
public struct MethodOption: Hashable, Identifiable, Sendable {
    /// The method.
    public let method: TwoFactorMethod

    /// The host's caption for it, in the client's language; `nil` if the host gave none.
    public let caption: String?

    /// An option, such as for a preview of the form.
    public init(method: TwoFactorMethod, caption: String? = nil) {
        (self.method, self.caption) = (method, caption)
    }

    /// The method: the host lists each once.
    public var id: TwoFactorMethod { method }
}

extension MethodOption {
    init(_ raw: Raw.MethodOption) {
        self.init(method: TwoFactorMethod(raw.method), caption: raw.caption)
    }
}

extension MethodOption: CustomStringConvertible, CustomReflectable {
    public var description: String { "MethodOption(\(method))" }
    public var customMirror: Mirror { Mirror(self, children: ["method": method]) }
}
