import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking

    /// One request in a `URLSession` of its own: on Linux, the delegate of a single task in somebody's session is not asked about
    /// redirects.
    final class GuardedExchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
        private let redirects: RedirectGuard
        private let lock = NSLock()
        private var body = Data()
        private var waiting: CheckedContinuation<(Data, URLResponse), any Error>?

        private init(_ redirects: RedirectGuard) {
            self.redirects = redirects
        }

        /// Sends the request with the settings of this session, and waits for the whole answer.
        static func data(
            for request: URLRequest, as session: URLSession, _ redirects: RedirectGuard
        ) async throws -> (Data, URLResponse) {
            let exchange = GuardedExchange(redirects)
            let own = URLSession(configuration: session.configuration, delegate: exchange, delegateQueue: nil)
            // The session retains its delegate until it is invalidated.
            defer { own.finishTasksAndInvalidate() }
            let task = own.dataTask(with: request)
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    exchange.lock.withLock { exchange.waiting = continuation }
                    task.resume()
                }
            } onCancel: {
                task.cancel()
            }
        }

        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
        ) {
            redirects.urlSession(
                session, task: task, willPerformHTTPRedirection: response, newRequest: request,
                completionHandler: completionHandler)
        }

        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
            lock.withLock { body.append(data) }
        }

        func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
            let (waiting, body) = lock.withLock {
                defer { self.waiting = nil }
                return (self.waiting, self.body)
            }
            if let error {
                waiting?.resume(throwing: error)
            } else if let response = task.response {
                waiting?.resume(returning: (body, response))
            } else {
                waiting?.resume(throwing: URLError(.badServerResponse))
            }
        }
    }
#endif
