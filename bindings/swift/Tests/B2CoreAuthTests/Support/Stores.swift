import B2CoreAuth
import Foundation

/// A store as a class. It can be told what to throw.
final class ClassStore: SessionStore, @unchecked Sendable {
    enum Call { case load, save, remove, names }

    private let lock = NSLock()
    private var records: [String: Data] = [:]
    private var trouble: (@Sendable (Call, String) throws -> LoadResult?)?

    init() {}

    /// A store with the records of another one.
    init(copy other: ClassStore) {
        records = other.lock.withLock { other.records }
    }

    /// From now on this is asked first; it throws, or answers in place of the store.
    func when(_ trouble: (@Sendable (Call, String) throws -> LoadResult?)?) {
        lock.withLock { self.trouble = trouble }
    }

    var kept: [String] { lock.withLock { records.keys.sorted() } }

    /// Makes all sessions that are here as old as if so many seconds had gone by, for clients that have not read them yet.
    /// Their clocks cannot be moved from here.
    func age(by seconds: TimeInterval) {
        let then = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: -seconds))
        lock.withLock {
            for (name, data) in records where name.hasPrefix("session/") {
                // The length of what precedes a record's JSON: the format and the session id.
                let (head, session) = (data.prefix(9), String(decoding: data.dropFirst(9), as: UTF8.self))
                let aged =
                    session
                    .replacing(#""received_at":"[^"]*""#, with: #""received_at":"\#(then)""#)
                    .replacing(#""received_since_boot":\{[^}]*\}"#, with: #""received_since_boot":null"#)
                precondition(aged != session)
                records[name] = head + Data(aged.utf8)
            }
        }
    }

    func load(name: String) async throws -> LoadResult {
        try lock.withLock {
            if let instead = try trouble?(.load, name) { return instead }
            return records[name].map { .found($0) } ?? .missing
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

    func names() async throws -> [String] {
        try lock.withLock {
            _ = try trouble?(.names, "")
            return Array(records.keys)
        }
    }
}

/// A store as an actor.
actor ActorStore: SessionStore {
    private(set) var records: [String: Data] = [:]

    func load(name: String) async throws -> LoadResult {
        records[name].map { .found($0) } ?? .missing
    }

    func save(name: String, data: Data) async throws {
        records[name] = data
    }

    func remove(name: String) async throws {
        records[name] = nil
    }

    func names() async throws -> [String] {
        Array(records.keys)
    }
}

extension String {
    fileprivate func replacing(_ pattern: String, with new: String) -> String {
        replacingOccurrences(of: pattern, with: new, options: .regularExpression)
    }
}
