import B2CoreAuth
import Foundation

/// Which attributes files were given, in order: a call and the file's name.
final class RecordedFiles: StoredFiles, @unchecked Sendable {
    private let lock = NSLock()
    private var calls: [String] = []
    private var places: Set<Bool> = []

    /// Those since it was last asked for.
    var taken: [String] {
        lock.withLock {
            defer { calls = [] }
            return calls
        }
    }

    /// Whether the callers were on a lock's queue.
    var wereOnQueue: Set<Bool> { lock.withLock { places } }

    func keepFromBackups(_ url: URL) { add(#function, url) }
    func protectUntilFirstUnlock(_ url: URL) { add(#function, url) }
    func protectNever(_ url: URL) { add(#function, url) }

    private func add(_ function: String, _ url: URL) {
        let isOnQueue = FileLock.isOnQueue
        lock.withLock {
            calls.append("\(function.prefix { $0 != "(" }) \(url.lastPathComponent)")
            places.insert(isOnQueue)
        }
    }
}
