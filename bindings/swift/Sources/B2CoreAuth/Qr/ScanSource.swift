/// How a code came to the approver.
public enum ScanSource: String, CaseIterable, Codable, Hashable, Sendable {
    /// The app's own camera saw it on a screen.
    case camera
    /// It was opened as a link, or sent as text or picture. Somebody who wants a sign-in approved sends codes in this way.
    case link
}

extension ScanSource {
    var raw: Raw.ScanSource {
        switch self {
        case .camera: .camera
        case .link: .link
        }
    }
}
