import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking

    /// A guarded session beside each session of a caller's, with the same settings apart from the cache, so that its requests share
    /// connections.
    ///
    /// It is invalidated when the caller's is gone, at the next request of any other one. Until then a session without requests keeps no
    /// more than connections that the host may close.
    final class GuardedSessions: @unchecked Sendable {
        static let shared = GuardedSessions()

        private struct Pair {
            weak var callers: URLSession?
            let guarded: URLSession
            let delegate: GuardedDelegate
        }

        private let lock = NSLock()
        private var pairs: [ObjectIdentifier: Pair] = [:]

        /// A task of this exchange, not yet begun, with the settings of this session.
        func task(of exchange: GuardedExchange, as session: URLSession) -> URLSessionTask {
            lock.withLock {
                let pair = pair(of: session)
                let task = exchange.task(in: pair.guarded)
                pair.delegate.open(task, exchange)
                return task
            }
        }

        /// How many there are.
        var count: Int { lock.withLock { pairs.count } }

        private func pair(of session: URLSession) -> Pair {
            for (id, pair) in pairs where pair.callers == nil {
                pair.guarded.finishTasksAndInvalidate()
                pairs[id] = nil
            }
            let id = ObjectIdentifier(session)
            if let pair = pairs[id] { return pair }
            let delegate = GuardedDelegate()
            let guarded = URLSession(
                configuration: uncached(session.configuration), delegate: delegate, delegateQueue: nil)
            let pair = Pair(callers: session, guarded: guarded, delegate: delegate)
            pairs[id] = pair
            return pair
        }
    }

    /// The same settings without the cache, which Foundation reads whatever the policy of a request says. A session hands out the very
    /// object that it uses, so this is a copy.
    private func uncached(_ configuration: URLSessionConfiguration) -> URLSessionConfiguration {
        guard let copy = configuration.copy() as? URLSessionConfiguration else { return configuration }
        copy.urlCache = nil
        return copy
    }

    /// Hands on what happens to the tasks of one guarded session.
    private final class GuardedDelegate: NSObject, URLSessionDataDelegate, @unchecked Sendable {
        private let lock = NSLock()
        private var running: [Int: GuardedExchange] = [:]

        func open(_ task: URLSessionTask, _ exchange: GuardedExchange) {
            lock.withLock { running[task.taskIdentifier] = exchange }
        }

        private func exchange(_ task: URLSessionTask) -> GuardedExchange? {
            lock.withLock { running[task.taskIdentifier] }
        }

        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
        ) {
            guard let exchange = exchange(task) else { return completionHandler(nil) }
            exchange.redirects.urlSession(
                session, task: task, willPerformHTTPRedirection: response, newRequest: request,
                completionHandler: completionHandler)
        }

        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
            exchange(dataTask)?.take(data)
        }

        func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
            let exchange = lock.withLock { running.removeValue(forKey: task.taskIdentifier) }
            exchange?.end(task.response, error)
        }
    }
#endif
