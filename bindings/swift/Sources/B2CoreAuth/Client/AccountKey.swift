/// Identifies an account in a store. It prints without its profile, which may be an e-mail.
public struct AccountKey: Hashable, Identifiable, Sendable {
    /// The name of the profile.
    public let profile: String

    /// The host, such as `https://broker.example`.
    public let host: String

    /// The office.
    public let office: Office

    /// A key, such as for a test of a list.
    public init(profile: String, host: String, office: Office) {
        (self.profile, self.host, self.office) = (profile, host, office)
    }

    /// The key itself: no two accounts of a store have the same.
    public var id: Self { self }
}

extension AccountKey {
    init(_ raw: Raw.AccountKey) {
        self.init(profile: raw.profile, host: raw.host, office: Office(raw.office))
    }
}

extension AccountKey: CustomStringConvertible, CustomReflectable {
    public var description: String { "AccountKey(host: \(host), office: \(office))" }
    public var customMirror: Mirror { Mirror(self, children: ["host": host, "office": office]) }
}
