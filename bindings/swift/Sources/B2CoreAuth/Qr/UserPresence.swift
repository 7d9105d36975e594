/// Asks the user to confirm that they are there, such as by `LAContext`, before an approval leaves the device.
public protocol UserPresence: Sendable {
    /// True if the user has confirmed. Its task is cancelled when the approval is.
    func confirm(_ details: QrDetails) async -> Bool
}

/// An app's prompt as the library calls it.
final class UserPresenceAdapter: Raw.UserPresence {
    private let presence: any UserPresence

    init(_ presence: any UserPresence) {
        self.presence = presence
    }

    func confirm(details: Raw.QrDetails) async -> Raw.Presence {
        await presence.confirm(QrDetails(details)) ? .confirmed : .notConfirmed
    }
}
