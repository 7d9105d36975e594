import B2CoreAuthGenerated
import Foundation

/// A sign-in that waits for the approval of this device. Show its ``details``, then ``approve()`` or ``decline()``, once.
public final class QrRequest: Sendable {
    private let raw: B2CoreAuthGenerated.QrRequest

    init(_ raw: B2CoreAuthGenerated.QrRequest) {
        self.raw = raw
    }

    /// What to show before the user decides.
    public var details: QrDetails { raw.details() }

    /// Approves: the other screen is signed in as this account. The user is asked to confirm first, if the client has a
    /// ``UserPresence``. After `.notConfirmed` it can be called again. An approval that was sent is carried out, even if this
    /// task is cancelled.
    ///
    /// - Throws: `AuthError.Qr` if the host or the user did not approve.
    public func approve() async throws {
        try await cancellable { try await self.raw.approve(cancel: $0) }
    }

    /// Declines: this request cannot be approved any more. True if the host was notified, so that the other screen can say so;
    /// false if the host has no call for it, and the code expires by itself.
    @discardableResult
    public func decline() async throws -> Bool {
        try await cancellable { try await self.raw.decline(cancel: $0) }
    }
}

extension QrDetails {
    /// When the code was made, by the host's clock.
    public var createdAt: Date? { createdAtEpochSeconds.map { Date(timeIntervalSince1970: Double($0)) } }

    /// When the code expires, by the host's clock.
    public var expiresAt: Date? { expiresAtEpochSeconds.map { Date(timeIntervalSince1970: Double($0)) } }

    /// The question to ask the user, in the locale's language, or in English if there is none.
    public func question(locale: Locale = .current) -> String {
        let messages = Messages(locale)
        // The data are in the alphabetical order of their names: account, place.
        guard let location else { return messages.text("qr-question-unknown", account) }
        return messages.text("qr-question", account, location)
    }
}

extension QrRisk {
    /// What to tell the user of this risk, in the locale's language, or in English if there is none.
    public func localizedMessage(locale: Locale = .current) -> String {
        Messages(locale).text("qr-risk-\(code)")
    }

    private var code: String {
        switch self {
        case .addressUnknown: "address_unknown"
        case .addressDiffers: "address_differs"
        case .nearlyExpired: "nearly_expired"
        case .hostNotNamed: "host_not_named"
        case .recentApproval: "recent_approval"
        case .notFromCamera: "not_from_camera"
        case .other: "other"
        }
    }
}
