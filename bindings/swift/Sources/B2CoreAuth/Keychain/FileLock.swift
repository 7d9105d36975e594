import Foundation

/// Locks records between processes by files in a folder that they share: one file a record, whose lock the system frees when its process
/// dies.
///
/// ```swift
/// let container = FileManager.default.containerURL(forSecurityApplicationGroupIdentifier: "group.example.acme")
/// let lock = FileLock(folder: container!.appendingPathComponent("b2core-auth-locks"))
/// let store = StoreChoice.custom(KeychainSessionStore(service: "example.acme"), processLock: lock)
/// ```
///
/// A lock is held during a refresh, at the end of a sign-in, during a sign-out, and for each change of the pending step, of the counted
/// attempts and of the pending revocations. iOS kills an app that is suspended while it holds the lock of a file in a shared container
/// (the termination code `0xdead10cc`). That loses nothing, and frees the lock, but ask for time to finish: `UIApplication`'s
/// `beginBackgroundTask` in an app, `ProcessInfo`'s `performExpiringActivity` in an extension, around every call of this library that may
/// send or save something. Before you end that time, call `AuthClient`'s `waitForRefresh()`: it returns when the refresh has ended and
/// the locks that were held are free.
///
/// The files are empty, are named by a hash, stay when they are free, and no backup includes them. They can be used before the first
/// unlock. The files are opened on a queue of this object's own. A `FileLock` that nothing refers to any more holds nothing.
public final class FileLock: ProcessLock, @unchecked Sendable {
    private static let mark = QueueMark()

    /// Whether this runs on the queue of a lock.
    package static var isOnQueue: Bool { DispatchQueue.getSpecific(key: mark.key) == true }

    private let folder: URL
    private let files: any StoredFiles
    private let queue = DispatchQueue(label: "b2core-auth.file-lock", qos: .userInitiated)
    // These are used on the queue.
    private var held: [String: LockedFile] = [:]
    private var isFolderReady = false
    private var readyFiles: Set<URL> = []

    /// - Parameter folder: The folder of the files, which is made if it is missing. All processes give the same one, and nobody removes
    ///   it while one of them runs.
    public convenience init(folder: URL) {
        self.init(folder: folder, files: SystemFiles())
    }

    /// A lock whose files get their attributes from the caller's, for tests.
    package init(folder: URL, files: any StoredFiles) {
        (self.folder, self.files) = (folder, files)
        queue.setSpecific(key: FileLock.mark.key, value: true)
    }

    /// Takes the lock of this record; false if somebody holds it, in this process or another one. It does not wait.
    ///
    /// - Throws: `StoreFailure` if the folder cannot be used now.
    public func tryLock(name: String) async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try self.take(name) }.mapError { StoreFailure(.unavailable, because: $0) })
            }
        }
    }

    /// Frees the lock of this record.
    public func unlock(name: String) async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.held.removeValue(forKey: name)?.unlock()
                continuation.resume()
            }
        }
    }

    private func take(_ name: String) throws -> Bool {
        guard held[name] == nil else { return false }
        try makeFolder()
        let file = folder.appendingPathComponent(FileLock.fileName(name))
        do {
            guard let locked = try LockedFile(file, waiting: false) else { return false }
            // Before the first unlock too: the file holds nothing.
            if readyFiles.insert(file).inserted { files.protectNever(file) }
            held[name] = locked
            return true
        } catch {
            // The folder may be gone.
            (isFolderReady, readyFiles) = (false, [])
            throw error
        }
    }

    /// Once: a lock that somebody else holds is asked for every few milliseconds.
    private func makeFolder() throws {
        guard !isFolderReady else { return }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        files.keepFromBackups(folder)
        // Before a file is made in it, which takes this over.
        files.protectNever(folder)
        isFolderReady = true
    }

    /// A hash of the name, which can be long and contain slashes: FNV-1a of 64 bits, forwards and backwards. Two names with one hash would
    /// only wait for each other.
    package static func fileName(_ name: String) -> String {
        func hash(_ bytes: some Sequence<UInt8>) -> String {
            let value = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            return String(format: "%016llx", value)
        }
        return hash(name.utf8) + hash(name.utf8.reversed()) + ".lock"
    }
}

extension FileLock: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "FileLock" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
