/// Why there is no answer.
public enum NetworkProblem: String, CaseIterable, Codable, Hashable, Sendable {
    /// No connection. The request was not sent.
    case unreachable
    /// The TLS handshake failed, for example because of the certificate. The request was not sent.
    case tls
    /// The host's certificate is trusted, but has none of the pinned keys, or the pins have expired and are not to be ignored. The request
    /// was not sent.
    case pinMismatch = "pin_mismatch"
    /// The connection broke. The host may have processed the request.
    case interrupted
    /// The request timed out. The host may have processed it.
    case timedOut = "timed_out"
    /// The answer is too large for one of B2Core's.
    case tooLarge = "too_large"
    /// The answer is not HTTP.
    case notHttp = "not_http"
    /// The transport itself failed.
    case failed
}

extension NetworkProblem {
    init(_ raw: Raw.NetworkProblem) {
        self =
            switch raw {
            case .unreachable: .unreachable
            case .tls: .tls
            case .pinMismatch: .pinMismatch
            case .interrupted: .interrupted
            case .timedOut: .timedOut
            case .tooLarge: .tooLarge
            case .notHttp: .notHttp
            case .failed: .failed
            }
    }

    var raw: Raw.NetworkProblem {
        switch self {
        case .unreachable: .unreachable
        case .tls: .tls
        case .pinMismatch: .pinMismatch
        case .interrupted: .interrupted
        case .timedOut: .timedOut
        case .tooLarge: .tooLarge
        case .notHttp: .notHttp
        case .failed: .failed
        }
    }
}
