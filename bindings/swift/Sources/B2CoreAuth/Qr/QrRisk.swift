import Foundation

/// A reason to look twice before approving.
public enum QrRisk: String, CaseIterable, Codable, Hashable, Sendable {
    /// The host did not say where the other screen is.
    case addressUnknown = "address_unknown"
    /// The other screen is in another network than this device.
    case addressDiffers = "address_differs"
    /// The code has a few seconds left.
    case nearlyExpired = "nearly_expired"
    /// The code does not name its host, so it may have been shown by another site.
    case hostNotNamed = "host_not_named"
    /// Another sign-in was approved a few seconds ago.
    case recentApproval = "recent_approval"
    /// The code was opened as a link or sent to this device instead of being scanned from a screen nearby.
    case notFromCamera = "not_from_camera"
    /// Another reason, that this version has no name for.
    case other
}

extension QrRisk {
    init(_ raw: Raw.QrRisk) {
        self =
            switch raw {
            case .addressUnknown: .addressUnknown
            case .addressDiffers: .addressDiffers
            case .nearlyExpired: .nearlyExpired
            case .hostNotNamed: .hostNotNamed
            case .recentApproval: .recentApproval
            case .notFromCamera: .notFromCamera
            case .other: .other
            }
    }
}

extension QrRisk {
    /// What to tell the user of this risk, in the locale's language, or in English if there is none.
    public func localizedMessage(locale: Locale = .current) -> String {
        Messages(locale).text("qr-risk-\(rawValue)")
    }
}
