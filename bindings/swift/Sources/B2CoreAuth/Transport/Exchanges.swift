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

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let exchange = lock.withLock { running[dataTask.taskIdentifier] }
        if exchange?.take(data) == .tooLarge { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let exchange = lock.withLock { running.removeValue(forKey: task.taskIdentifier) }
        exchange?.end(task.response, error)
    }
}

/// One request and what came of it so far.
final class Exchange: @unchecked Sendable {
    enum Room { case enough, tooLarge }

    private let bodyLimit: Int
    private let lock = NSLock()
    private var body = Data()
    private var isTooLarge = false
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
            isTooLarge = isTooLarge || body.count + data.count > bodyLimit
            if !isTooLarge { body.append(data) }
            return isTooLarge ? .tooLarge : .enough
        }
    }

    func end(_ response: URLResponse?, _ error: (any Error)?) {
        let (outcome, waiting) = lock.withLock {
            let outcome = settle(response, error)
            if self.waiting == nil { self.outcome = outcome }
            defer { self.waiting = nil }
            return (outcome, self.waiting)
        }
        waiting?.resume(with: outcome)
    }

    private func settle(_ response: URLResponse?, _ error: (any Error)?) -> Result<HttpResponse, any Error> {
        if isTooLarge { return .failure(TransportError.Network(problem: .tooLarge)) }
        if let error { return .failure(TransportError.Network(problem: NetworkProblem(error))) }
        guard let http = response as? HTTPURLResponse, let status = UInt16(exactly: http.statusCode) else {
            return .failure(TransportError.Network(problem: .notHttp))
        }
        let headers = http.allHeaderFields.map { HttpHeader(name: "\($0.key)", value: "\($0.value)") }
        return .success(HttpResponse(status: status, headers: headers, body: body))
    }
}
