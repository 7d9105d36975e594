import Foundation

/// A store of the app's own: a class or an `actor`. It keeps bytes by name. The bytes hold tokens, so the store has to encrypt
/// them. Names contain slashes and colons, so they are not file names.
///
/// Throw a ``StoreError``, or a ``StoreFailure`` to say why too. Anything else becomes ``AuthError/storeFailed(code:problem:cause:)``. What
/// was thrown is the ``AuthError/underlyingError`` of what the caller gets, and is printed nowhere else.
///
/// Within a process, records of one name are written one at a time, even through several clients and stores. Between processes,
/// such as an app and its extension, a ``ProcessLock`` does that. Without one, both can refresh at the same time with the same
/// refresh token: a host that rotates refresh tokens accepts only one of the two requests, and the other one can end the session.
/// Either process can also overwrite what the other has just saved: a sign-out can be undone, and attempts or pending revocations
/// can be lost. So give a lock, or let one process use the store and give the others access tokens, or use
/// ``StoreChoice/file(path:passphrase:)``, which locks between processes.
///
/// A call is waited for 15 seconds, while the process runs. The caller then gets an error, but nothing else is written under that
/// name until the call has really ended: end a call only when nothing of it can happen any more.
///
/// Bytes that are no record are reported once. Before that they are saved under the record's name with `damaged/` in front, at most one
/// for each record, and removed from its own name; removing the record, as a sign-out does, removes them too.
public protocol SessionStore: Sendable {
    /// Reads the record of this name. Return or throw `.unavailable` if it cannot be read now, for example because the device is
    /// locked. It is not treated as signed out.
    func load(name: String) async throws -> LoadResult

    /// Writes the record of this name, atomically. The bytes hold tokens.
    func save(name: String, data: Data) async throws

    /// Removes the record of this name. It is no error if there is none.
    func remove(name: String) async throws

    /// The names of all records, in no order. Names that this library did not choose are ignored.
    func names() async throws -> [String]
}

/// The result of a read of a ``SessionStore``. It prints without the bytes.
public enum LoadResult: Hashable, Sendable {
    /// The bytes that were saved.
    case found(Data)
    /// There is no record of this name.
    case missing
    /// It cannot be read now.
    case unavailable
}

extension LoadResult {
    fileprivate var raw: Raw.LoadResult {
        switch self {
        case .found(let data): .found(data: data)
        case .missing: .missing
        case .unavailable: .unavailable
        }
    }
}

extension LoadResult: CustomStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .found: "found(..)"
        case .missing: "missing"
        case .unavailable: "unavailable"
        }
    }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Locks the records of a ``SessionStore`` between the processes that share it. The system has to free a lock when its process
/// dies: use a file lock in the shared container, not a record.
///
/// A lock is held during a refresh, which is as long as the host takes; at the end of a sign-in, when its session is saved; during
/// a sign-out, as far as the store is concerned; and for each change of the pending step, of the counted attempts and of the
/// pending revocations. It is not asked for twice by one process at a time. ``AuthClient/waitForRefresh()`` returns when none is
/// held.
public protocol ProcessLock: Sendable {
    /// Takes the lock of this name, or returns false at once if another process holds it. Throw a ``StoreError`` if that cannot be
    /// found out.
    func tryLock(name: String) async throws -> Bool

    /// Gives the lock of this name back, which this process holds.
    func unlock(name: String) async
}

/// An app's store as the library calls it.
final class SessionStoreAdapter: Raw.SessionStore {
    private let store: any SessionStore

    init(_ store: any SessionStore) {
        self.store = store
    }

    func load(name: String) async throws -> Raw.LoadResult {
        try await storing { try await store.load(name: name).raw }
    }

    func save(name: String, data: Data) async throws {
        try await storing { try await store.save(name: name, data: data) }
    }

    func remove(name: String) async throws {
        try await storing { try await store.remove(name: name) }
    }

    func names() async throws -> [String] {
        try await storing { try await store.names() }
    }
}

/// An app's lock as the library calls it.
final class ProcessLockAdapter: Raw.ProcessLock {
    private let lock: any ProcessLock

    init(_ lock: any ProcessLock) {
        self.lock = lock
    }

    func tryLock(name: String) async throws -> Bool {
        try await storing { try await lock.tryLock(name: name) }
    }

    func unlock(name: String) async {
        await lock.unlock(name: name)
    }
}

/// Whatever is thrown is kept for the caller of the library, which itself knows its number only.
private func storing<T>(_ call: () async throws -> T) async throws -> T {
    do {
        return try await call()
    } catch let error as StoreError {
        throw error.raw()
    } catch let failure as StoreFailure {
        throw failure.error.raw(thrown: Thrown.keep(failure.underlyingError))
    } catch {
        throw StoreError.failed.raw(thrown: Thrown.keep(error))
    }
}
