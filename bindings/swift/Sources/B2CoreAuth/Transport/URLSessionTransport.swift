import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A transport on `URLSession`: it uses the system's proxies and trust store, and its requests show in network tools.
///
/// It follows no redirects, keeps no cookies of its own, no cache or credentials, and never repeats a request that is not idempotent.
public final class URLSessionTransport: Transport {
    private let session: URLSession
    private let exchanges: Exchanges

    /// - Parameters:
    ///   - timeout: How long to wait for more data, in seconds.
    ///   - bodyLimit: The largest answer that is read, in bytes; B2Core's are a few KiB.
    public convenience init(timeout: TimeInterval = 30, bodyLimit: Int = 1024 * 1024) {
        self.init(timeout, bodyLimit, nil)
    }

    /// A transport that holds every host to these pins.
    ///
    /// - Parameters:
    ///   - certificatePins: The keys that a host's chain may have: as the system has built it, up to its root.
    ///   - timeout: How long to wait for more data, in seconds.
    ///   - bodyLimit: The largest answer that is read, in bytes.
    /// - Throws: ``AuthError/setup(problem:)`` on Linux and wherever else `URLSession` shows no certificates. Use the HTTP client that is
    ///   built in there.
    public convenience init(
        certificatePins: CertificatePins, timeout: TimeInterval = 30, bodyLimit: Int = 1024 * 1024
    ) throws(AuthError) {
        #if canImport(Security) && canImport(CryptoKit)
            self.init(timeout, bodyLimit, certificatePins)
        #else
            throw AuthError.setup(problem: "URLSession shows no certificates on this system, so that none can be pinned")
        #endif
    }

    private init(_ timeout: TimeInterval, _ bodyLimit: Int, _ pins: CertificatePins?) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = timeout
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpCookieStorage = nil
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        exchanges = Exchanges(bodyLimit: bodyLimit, pins: pins)
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    deinit {
        // A session retains its delegate until it is invalidated.
        session.invalidateAndCancel()
    }

    /// Sends the request and waits for the whole answer.
    public func send(_ request: HttpRequest) async throws -> HttpResponse {
        guard let url = URL(string: request.url) else { throw TransportError.network(.failed) }
        // A connection, or a TLS session, may be older than the expiry.
        if exchanges.pins?.state() == .refused { throw TransportError.network(.pinMismatch) }
        var urlRequest = URLRequest(url: url)
        urlRequest.httpMethod = request.method
        urlRequest.httpBody = request.body
        for header in request.headers {
            urlRequest.setValue(header.value, forHTTPHeaderField: header.name)
        }
        let task = session.dataTask(with: urlRequest)
        let exchange = exchanges.open(task)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                exchange.outcome.resume(continuation)
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
    }
}
