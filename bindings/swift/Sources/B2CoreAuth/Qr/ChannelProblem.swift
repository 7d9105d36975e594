/// Why a live channel cannot be watched, or not now.
public enum ChannelProblem: String, CaseIterable, Codable, Hashable, Sendable {
    /// Its server cannot be reached, or the connection to it broke.
    case unreachable
    /// The TLS handshake failed, or the certificate is not trusted.
    case tls
    /// The certificate is trusted, but has none of the pinned keys.
    case pinMismatch = "pin_mismatch"
    /// There is no live channel at this address.
    case notFound = "not_found"
    /// What answers does not speak its protocol, or not now.
    case `protocol`
    /// The host does not let this subscriber listen to the channel.
    case refused
    /// What is watched with failed.
    case failed
}

extension ChannelProblem {
    init(_ raw: Raw.ChannelProblem) {
        self =
            switch raw {
            case .unreachable: .unreachable
            case .tls: .tls
            case .pinMismatch: .pinMismatch
            case .notFound: .notFound
            case .`protocol`: .`protocol`
            case .refused: .refused
            case .failed: .failed
            }
    }

    var raw: Raw.ChannelProblem {
        switch self {
        case .unreachable: .unreachable
        case .tls: .tls
        case .pinMismatch: .pinMismatch
        case .notFound: .notFound
        case .`protocol`: .`protocol`
        case .refused: .refused
        case .failed: .failed
        }
    }
}
