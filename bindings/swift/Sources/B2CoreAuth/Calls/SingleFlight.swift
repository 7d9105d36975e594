import Foundation

/// Single flight: concurrent calls with the same key share one native call. Resuming thousands of tasks from native code takes
/// longer than the refresh that they wait for. Rust still decides what is refreshed and when.
///
/// The call runs in a task of its own, so that a caller who is cancelled does not end it for the others. Such a caller leaves
/// at once.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: @unchecked Sendable {
    /// Which calls a new caller may join.
    enum Join {
        /// Calls that have not begun, so that the result is not older than the caller's request.
        case beforeItBegins
        /// Also calls in flight.
        case whileItRuns
    }

    private let join: Join
    private let call: @Sendable (Key) async throws -> Value
    private let lock = NSLock()
    private var calls: [Key: SharedCall<Value>] = [:]

    init(_ join: Join, _ call: @escaping @Sendable (Key) async throws -> Value) {
        (self.join, self.call) = (join, call)
    }

    /// Joins the call of this key, or begins one.
    func callAsFunction(_ key: Key) async throws -> Value {
        try Task.checkCancellation()
        let shared = lock.withLock { calls[key] ?? begin(key) }
        return try await shared.result()
    }

    /// The result of the call in flight; `nil` if there is none.
    func joinInFlight(_ key: Key) async throws -> Value? {
        try await lock.withLock { calls[key] }?.result()
    }

    /// How many have joined the call of this key, whether they still wait or not.
    func joined(_ key: Key) -> Int {
        lock.withLock { calls[key] }?.joined ?? 0
    }

    /// Needs the lock.
    private func begin(_ key: Key) -> SharedCall<Value> {
        let shared = SharedCall<Value>()
        calls[key] = shared
        Task.detached { [self] in
            if join == .beforeItBegins { remove(key) }
            let outcome: Result<Value, any Error>
            do {
                outcome = .success(try await call(key))
            } catch {
                outcome = .failure(error)
            }
            if join == .whileItRuns { remove(key) }
            shared.finish(outcome)
        }
        return shared
    }

    private func remove(_ key: Key) {
        lock.withLock { calls[key] = nil }
    }
}

/// A call and the callers who wait for it.
private final class SharedCall<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var outcome: Result<Value, any Error>?
    /// In the order of arrival, and resumed in the same order: a task group finds a child that has finished by going through
    /// all children that came before it.
    private var waiting: [UnsafeContinuation<Value, any Error>?] = []

    func result() async throws -> Value {
        let index = lock.withLock {
            waiting.append(nil)
            return waiting.count - 1
        }
        return try await withTaskCancellationHandler {
            // Each is resumed once, as the lock ensures. To check that takes an object for each of thousands of callers.
            try await withUnsafeThrowingContinuation { continuation in
                let known: Result<Value, any Error>? = lock.withLock {
                    if let outcome { return outcome }
                    // Cancelled before there was a continuation to resume.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    waiting[index] = continuation
                    return nil
                }
                if let known { continuation.resume(with: known) }
            }
        } onCancel: {
            take(index)?.resume(throwing: CancellationError())
        }
    }

    var joined: Int { lock.withLock { waiting.count } }

    func finish(_ outcome: Result<Value, any Error>) {
        let all = lock.withLock {
            self.outcome = outcome
            defer { waiting = [] }
            return waiting
        }
        for continuation in all { continuation?.resume(with: outcome) }
    }

    /// The continuation of one caller, if it was not resumed yet.
    private func take(_ index: Int) -> UnsafeContinuation<Value, any Error>? {
        lock.withLock {
            guard outcome == nil else { return nil }
            defer { waiting[index] = nil }
            return waiting[index]
        }
    }
}
