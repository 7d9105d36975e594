import B2CoreAuth
import Foundation

/// A store as a class. It can be told what to throw.
final class ClassStore: SessionStore, @unchecked Sendable {
    enum Call { case load, save, remove }

    private let lock = NSLock()
    private var records: [String: Data] = [:]
    private var trouble: (@Sendable (Call, String) throws -> LoadResult?)?

    /// From now on this is asked first; it throws, or answers in place of the store.
    func when(_ trouble: (@Sendable (Call, String) throws -> LoadResult?)?) {
        lock.withLock { self.trouble = trouble }
    }

    var names: [String] { lock.withLock { records.keys.sorted() } }

    func load(name: String) async throws -> LoadResult {
        try lock.withLock {
            if let instead = try trouble?(.load, name) { return instead }
            return records[name].map { .found(data: $0) } ?? .missing
        }
    }

    func save(name: String, data: Data) async throws {
        try lock.withLock {
            _ = try trouble?(.save, name)
            records[name] = data
        }
    }

    func remove(name: String) async throws {
        _ = try lock.withLock {
            _ = try trouble?(.remove, name)
            return records.removeValue(forKey: name)
        }
    }
}

/// A store as an actor.
actor ActorStore: SessionStore {
    private(set) var records: [String: Data] = [:]

    func load(name: String) async throws -> LoadResult {
        records[name].map { .found(data: $0) } ?? .missing
    }

    func save(name: String, data: Data) async throws {
        records[name] = data
    }

    func remove(name: String) async throws {
        records[name] = nil
    }
}
