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
    public init(timeout: TimeInterval = 30, bodyLimit: Int = 1024 * 1024) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = timeout
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpCookieStorage = nil
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        exchanges = Exchanges(bodyLimit: bodyLimit)
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    deinit {
        // A session retains its delegate until it is invalidated.
        session.invalidateAndCancel()
    }

    /// Sends the request and waits for the whole answer.
    public func send(_ request: HttpRequest) async throws -> HttpResponse {
        guard let url = URL(string: request.url) else { throw TransportError.network(.failed) }
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
