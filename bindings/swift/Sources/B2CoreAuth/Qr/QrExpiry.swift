/// Why a QR code is not usable any more.
public enum QrExpiry: String, CaseIterable, Codable, Hashable, Sendable {
    /// Its lifetime is over.
    case lifetime
    /// The host said so.
    case host
    /// The connection to the live channel was interrupted, so that an approval may have been missed.
    case connectionLost = "connection_lost"
    /// It was approved, and the approval had expired before it could be exchanged.
    case late
}

extension QrExpiry {
    init(_ raw: Raw.QrExpiry) {
        self =
            switch raw {
            case .lifetime: .lifetime
            case .host: .host
            case .connectionLost: .connectionLost
            case .late: .late
            }
    }
}
