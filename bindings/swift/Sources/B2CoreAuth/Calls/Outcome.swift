import Foundation

/// The outcome of one call, for the one task that waits for it. Either may come first: a call that is cancelled can end before anybody
/// waits, and its end must not be lost.
final class Outcome<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var known: Result<Value, any Error>?
    private var waiting: CheckedContinuation<Value, any Error>?

    /// Resumes this continuation with the outcome, at once if it is known.
    func resume(_ continuation: CheckedContinuation<Value, any Error>) {
        let known = lock.withLock {
            if self.known == nil { waiting = continuation }
            return self.known
        }
        if let known { continuation.resume(with: known) }
    }

    /// The call has ended so. What comes after the first time does not count.
    func end(_ result: Result<Value, any Error>) {
        let waiting = lock.withLock { () -> CheckedContinuation<Value, any Error>? in
            guard known == nil else { return nil }
            known = result
            defer { self.waiting = nil }
            return self.waiting
        }
        waiting?.resume(with: result)
    }
}
