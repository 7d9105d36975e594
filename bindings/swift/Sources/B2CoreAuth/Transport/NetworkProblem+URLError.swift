import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

extension NetworkProblem {
    /// Maps an error by whether the host may have received the request. If that is unknown it is `.interrupted`: the host may
    /// have processed the request.
    init(_ error: any Error) {
        guard let error = error as? URLError else {
            self = .interrupted
            return
        }
        switch error.code {
        case .cannotFindHost, .cannotConnectToHost, .dnsLookupFailed, .notConnectedToInternet,
            .internationalRoamingOff, .callIsActive, .dataNotAllowed:
            self = .unreachable
        case .secureConnectionFailed, .serverCertificateHasBadDate, .serverCertificateUntrusted,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid, .clientCertificateRejected,
            .clientCertificateRequired, .appTransportSecurityRequiresSecureConnection:
            self = .tls
        case .timedOut:
            self = .timedOut
        case .dataLengthExceedsMaximum:
            self = .tooLarge
        case .cannotParseResponse, .cannotDecodeRawData, .cannotDecodeContentData:
            self = .notHttp
        case .badURL, .unsupportedURL:
            self = .failed
        default:
            // Also `.badServerResponse`, which on Linux means that nothing came, and whatever goes wrong with TLS there,
            // which has no code.
            self = .interrupted
        }
    }
}
