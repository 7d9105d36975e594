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
/// A lock is held during a refresh. iOS kills an app that is suspended while it holds the lock of a file in a shared container (the
/// termination code `0xdead10cc`). That loses nothing, and frees the lock, but ask for time to finish: `UIApplication`'s
/// `beginBackgroundTask` in an app, `ProcessInfo`'s `performExpiringActivity` in an extension, around whatever may refresh, or
/// `AuthClient`'s `waitForRefresh()` when the app goes to the background.
///
/// The files are empty, are named by a hash, stay when they are free, and no backup includes them.
public final class FileLock: ProcessLock, @unchecked Sendable {
    private let folder: URL
    private let lock = NSLock()
    private var held: [String: LockedFile] = [:]

    /// - Parameter folder: The folder of the files, which is made if it is missing. All processes give the same one, and nobody removes
    ///   it while one of them runs.
    public init(folder: URL) {
        self.folder = folder
    }

    /// Takes the lock of this record; false if somebody holds it, in this process or another one. It does not wait.
    ///
    /// - Throws: `StoreError` if the folder cannot be used now.
    public func tryLock(name: String) async throws -> Bool {
        try lock.withLock {
            guard held[name] == nil else { return false }
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                StoredFiles.keepFromBackups(folder)
                let file = folder.appendingPathComponent(FileLock.fileName(name))
                guard let locked = try LockedFile(file, waiting: false) else { return false }
                // Before the first unlock too: the file holds nothing.
                StoredFiles.protectNever(file)
                held[name] = locked
                return true
            } catch {
                throw StoreError.unavailable
            }
        }
    }

    /// Frees the lock of this record.
    public func unlock(name: String) async {
        lock.withLock { held.removeValue(forKey: name) }?.close()
    }

    /// A hash of the name, which can be long and contain slashes: FNV-1a of 64 bits, forwards and backwards. Two names with one hash would
    /// only wait for each other.
    static func fileName(_ name: String) -> String {
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
