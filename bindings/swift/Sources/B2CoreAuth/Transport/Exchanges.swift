import B2CoreAuthGenerated
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What a session's tasks report to. Tasks with completion handlers would be shorter, but Foundation on Linux lets those
/// follow redirects.
final class Exchanges: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let bodyLimit: Int
    private let lock = NSLock()
    private var running: [Int: Exchange] = [:]

    init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
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

    /// The answer is larger than any may be. It is said at once, and what still comes is dropped: until the task has heard of
    /// its cancel, which on Linux takes as long as there is something to inflate. Waiting for that here would let the rest of
    /// the answer pile up in front of this delegate.
    private func refuse(_ task: URLSessionTask) {
        guard let exchange = close(task) else { return }
        exchange.fail(.tooLarge)
        DispatchQueue.global().async { task.cancel() }
    }

    private func close(_ task: URLSessionTask) -> Exchange? {
        lock.withLock { running.removeValue(forKey: task.taskIdentifier) }
    }
}

/// One request and what came of it so far.
final class Exchange: @unchecked Sendable {
    enum Room { case enough, tooLarge }

    private let bodyLimit: Int
    private let lock = NSLock()
    private var body = Data()
    private var waiting: CheckedContinuation<HttpResponse, any Error>?
    private var outcome: Result<HttpResponse, any Error>?

    init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
    }

    /// Tells the outcome to this continuation, at once if it is there already.
    func tell(_ continuation: CheckedContinuation<HttpResponse, any Error>) {
        let known = lock.withLock {
            if outcome == nil { waiting = continuation }
            return outcome
        }
        if let known { continuation.resume(with: known) }
    }

    func take(_ data: Data) -> Room {
        lock.withLock {
            if body.count + data.count > bodyLimit { return .tooLarge }
            body.append(data)
            return .enough
        }
    }

    func end(_ response: URLResponse?, _ error: (any Error)?) {
        settle { answer(response, error) }
    }

    func fail(_ problem: NetworkProblem) {
        settle { .failure(TransportError.Network(problem: problem)) }
    }

    private func settle(_ result: () -> Result<HttpResponse, any Error>) {
        let (outcome, waiting) = lock.withLock {
            let outcome = result()
            if self.waiting == nil { self.outcome = outcome }
            defer { self.waiting = nil }
            return (outcome, self.waiting)
        }
        waiting?.resume(with: outcome)
    }

    private func answer(_ response: URLResponse?, _ error: (any Error)?) -> Result<HttpResponse, any Error> {
        if let error { return .failure(TransportError.Network(problem: NetworkProblem(error))) }
        guard let http = response as? HTTPURLResponse, let status = UInt16(exactly: http.statusCode) else {
            return .failure(TransportError.Network(problem: .notHttp))
        }
        let headers = http.allHeaderFields.map { HttpHeader(name: "\($0.key)", value: "\($0.value)") }
        return .success(HttpResponse(status: status, headers: headers, body: body))
    }
}
