import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking

    /// One request in a session whose delegate guards it: on Linux, the delegate of a single task in somebody's session is not asked about
    /// redirects.
    final class GuardedExchange: @unchecked Sendable {
        let redirects: RedirectGuard
        private let request: URLRequest
        private let outcome = Outcome<(Data, URLResponse)>()
        private let lock = NSLock()
        private var body = Data()

        init(_ request: URLRequest, _ redirects: RedirectGuard) {
            (self.request, self.redirects) = (request, redirects)
        }

        /// Sends the request with the settings of this session, and waits for the whole answer.
        static func data(
            for request: URLRequest, as session: URLSession, _ redirects: RedirectGuard
        ) async throws -> (Data, URLResponse) {
            let exchange = GuardedExchange(request, redirects)
            let task = GuardedSessions.shared.task(of: exchange, as: session)
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    exchange.outcome.resume(continuation)
                    task.resume()
                }
            } onCancel: {
                task.cancel()
            }
        }

        /// A task for it in this session, not yet begun.
        func task(in session: URLSession) -> URLSessionDataTask { session.dataTask(with: request) }

        func take(_ data: Data) {
            lock.withLock { body.append(data) }
        }

        func end(_ response: URLResponse?, _ error: (any Error)?) {
            if let error {
                outcome.end(.failure(error))
            } else if let response {
                outcome.end(.success((lock.withLock { body }, response)))
            } else {
                outcome.end(.failure(URLError(.badServerResponse)))
            }
        }
    }
#endif
