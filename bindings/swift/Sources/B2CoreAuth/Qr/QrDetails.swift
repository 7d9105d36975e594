import Foundation

/// What is known of the sign-in that waits for an approval, to show to the user. What the host did not say is `nil`. It prints
/// without the account, the address and the place.
public struct QrDetails: Hashable, Sendable {
    /// The account that the other screen would be signed in as.
    public let account: String

    /// The host that it would be signed in to.
    public let host: String

    /// The address of the other screen, as the host sees it.
    public let ip: String?

    /// Where the host takes the other screen to be.
    public let location: String?

    /// What the other screen says that it is, which it can have made up.
    public let userAgent: String?

    /// When the code was made, by the host's clock.
    public let createdAt: Date?

    /// When the code expires, by the host's clock.
    public let expiresAt: Date?

    /// Reasons to look twice.
    public let risks: [QrRisk]

    /// Details, such as for a preview of the question, or a test of a ``UserPresence``.
    public init(
        account: String, host: String, ip: String? = nil, location: String? = nil, userAgent: String? = nil,
        createdAt: Date? = nil, expiresAt: Date? = nil, risks: [QrRisk] = []
    ) {
        (self.account, self.host, self.ip, self.location) = (account, host, ip, location)
        (self.userAgent, self.createdAt, self.expiresAt, self.risks) = (userAgent, createdAt, expiresAt, risks)
    }
}

extension QrDetails {
    init(_ raw: Raw.QrDetails) {
        self.init(
            account: raw.account, host: raw.host, ip: raw.ip, location: raw.location, userAgent: raw.userAgent,
            createdAt: Date(epochSeconds: raw.createdAtEpochSeconds),
            expiresAt: Date(epochSeconds: raw.expiresAtEpochSeconds), risks: raw.risks.map(QrRisk.init))
    }

    /// The question to ask the user, in the locale's language, or in English if there is none.
    public func question(locale: Locale = .current) -> String {
        let messages = Messages(locale)
        // The data are in the alphabetical order of their names: account, place.
        guard let location else { return messages.text("qr-question-unknown", account) }
        return messages.text("qr-question", account, location)
    }
}

extension QrDetails: CustomStringConvertible, CustomReflectable {
    public var description: String { "QrDetails(host: \(host), risks: \(risks))" }
    public var customMirror: Mirror { Mirror(self, children: ["host": host, "risks": risks]) }
}
