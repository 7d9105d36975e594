import Foundation

/// Something that one task tells another: latched, so that it does not matter who comes first.
final class Signal: @unchecked Sendable {
    private let lock = NSLock()
    private var given = false
    private var waiting: [UUID: CheckedContinuation<Void, any Error>] = [:]

    var isGiven: Bool { lock.withLock { given } }

    func give() {
        let all = lock.withLock {
            given = true
            defer { waiting = [:] }
            return waiting.values
        }
        for one in all { one.resume() }
    }

    /// Waits until it is given, or the task is cancelled.
    func wait() async throws {
        let id = UUID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let now: Result<Void, any Error>? = lock.withLock {
                    if given { return .success(()) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    waiting[id] = continuation
                    return nil
                }
                if let now { continuation.resume(with: now) }
            }
        } onCancel: {
            lock.withLock { waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
        }
    }
}
