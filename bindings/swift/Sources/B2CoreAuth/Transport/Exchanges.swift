import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The delegate of a session's tasks. Completion handlers would be shorter, but with them Foundation on Linux follows
/// redirects.
final class Exchanges: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    let pins: CertificatePins?
    private let bodyLimit: Int
    private let lock = NSLock()
    private var running: [Int: Exchange] = [:]

    init(bodyLimit: Int, pins: CertificatePins? = nil) {
        self.bodyLimit = bodyLimit
        self.pins = pins
    }

    func open(_ task: URLSessionTask) -> Exchange {
        let exchange = Exchange(bodyLimit: bodyLimit)
        lock.withLock { running[task.taskIdentifier] = exchange }
        return exchange
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        let isTooLarge = response.expectedContentLength > Int64(bodyLimit)
        completionHandler(isTooLarge ? .cancel : .allow)
        if isTooLarge { refuse(dataTask) }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let exchange = lock.withLock { running[dataTask.taskIdentifier] }
        if exchange?.take(data) == .tooLarge { refuse(dataTask) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        close(task)?.end(task.response, error)
    }

    #if canImport(Security) && canImport(CryptoKit)
        func urlSession(
            _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
            completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
        ) {
            // The system decides whom to trust; this only adds a no.
            if let pins, let trust = challenge.protectionSpace.serverTrust,
                case .pinMismatch = ServerTrust(trust, pins)
            {
                close(task)?.fail(.pinMismatch)
                completionHandler(.cancelAuthenticationChallenge, nil)
            } else {
                completionHandler(.performDefaultHandling, nil)
            }
        }
    #endif

    /// Reports at once that the answer is too large, and drops the rest of it. The cancel is asynchronous: on Linux it takes
    /// effect only when there is nothing left to inflate, and if it blocked this delegate, the rest of the answer would pile
    /// up in memory.
    private func refuse(_ task: URLSessionTask) {
        guard let exchange = close(task) else { return }
        exchange.fail(.tooLarge)
        DispatchQueue.global().async { task.cancel() }
    }

    private func close(_ task: URLSessionTask) -> Exchange? {
        lock.withLock { running.removeValue(forKey: task.taskIdentifier) }
    }
}

/// One request and the state of its answer.
final class Exchange: @unchecked Sendable {
    enum Room { case enough, tooLarge }

    let outcome = Outcome<HttpResponse>()
    private let bodyLimit: Int
    private let lock = NSLock()
    private var body = Data()

    init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
    }

    func take(_ data: Data) -> Room {
        lock.withLock {
            if body.count + data.count > bodyLimit { return .tooLarge }
            body.append(data)
            return .enough
        }
    }

    func end(_ response: URLResponse?, _ error: (any Error)?) {
        outcome.end(answer(response, error))
    }

    func fail(_ problem: NetworkProblem) {
        outcome.end(.failure(TransportError.network(problem)))
    }

    private func answer(_ response: URLResponse?, _ error: (any Error)?) -> Result<HttpResponse, any Error> {
        if let error { return .failure(TransportError.network(NetworkProblem(error), cause: FailureCause(error))) }
        guard let http = response as? HTTPURLResponse else {
            return .failure(TransportError.network(.notHttp))
        }
        let headers = http.allHeaderFields.map { HttpHeader(name: "\($0.key)", value: "\($0.value)") }
        return .success(HttpResponse(status: http.statusCode, headers: headers, body: lock.withLock { body }))
    }
}
