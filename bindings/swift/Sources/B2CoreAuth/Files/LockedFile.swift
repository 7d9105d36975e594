import Foundation

/// An open file whose lock this process holds, until it is freed or nothing refers to it any more. The system frees the lock when the
/// process dies.
///
/// It is a lock of `flock`, which belongs to the open file: two in one process exclude each other as two of different processes do.
package final class LockedFile: @unchecked Sendable {
    private let mutex = NSLock()
    private var descriptor: Int32?

    /// Opens the file, which is made if it is missing, and takes its lock; `nil` if somebody else holds it and this is not `waiting`.
    ///
    /// - Throws: `POSIXError` if the file cannot be opened or locked.
    package init?(_ url: URL, waiting: Bool) throws {
        while true {
            let opened = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard opened >= 0 else { throw LockedFile.failure() }
            do {
                guard try LockedFile.lock(opened, waiting: waiting) else {
                    _ = close(opened)
                    return nil
                }
                if try LockedFile.isAt(url, opened) {
                    descriptor = opened
                    return
                }
            } catch {
                _ = close(opened)
                throw error
            }
            // Somebody has removed or replaced the file meanwhile: whoever comes next locks another one.
            LockedFile.free(opened)
        }
    }

    deinit {
        unlock()
    }

    /// Frees the lock.
    package func unlock() {
        let held = mutex.withLock {
            defer { descriptor = nil }
            return descriptor
        }
        if let held { LockedFile.free(held) }
    }

    /// A child process that was forked, and not yet replaced by another program, has the open file as well: closing it here would leave
    /// the lock with the child.
    private static func free(_ descriptor: Int32) {
        _ = flock(descriptor, LOCK_UN)
        _ = close(descriptor)
    }

    private static func lock(_ descriptor: Int32, waiting: Bool) throws -> Bool {
        while flock(descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            if errno != EINTR { throw failure() }
        }
        return true
    }

    /// Whether this open file is the one that has this name.
    private static func isAt(_ url: URL, _ descriptor: Int32) throws -> Bool {
        var (opened, named) = (stat(), stat())
        guard fstat(descriptor, &opened) == 0 else { throw failure() }
        guard stat(url.path, &named) == 0 else {
            if errno == ENOENT { return false }
            throw failure()
        }
        return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
    }

    private static func failure() -> POSIXError {
        POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
}
