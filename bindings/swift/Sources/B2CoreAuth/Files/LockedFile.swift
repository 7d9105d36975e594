import Foundation

/// An open file whose lock this process holds. The system frees the lock when the process dies.
///
/// It is a lock of `flock`, which belongs to the open file: two in one process exclude each other as two of different processes do.
struct LockedFile {
    private let descriptor: Int32

    /// Opens the file, which is made if it is missing, and takes its lock; `nil` if somebody else holds it and this is not `waiting`.
    ///
    /// - Throws: `POSIXError` if the file cannot be opened or locked.
    init?(_ url: URL, waiting: Bool) throws {
        let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LockedFile.failure() }
        do {
            guard try LockedFile.lock(descriptor, waiting: waiting) else {
                _ = closeDescriptor(descriptor)
                return nil
            }
        } catch {
            _ = closeDescriptor(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    /// Frees the lock.
    func close() {
        _ = closeDescriptor(descriptor)
    }

    private static func lock(_ descriptor: Int32, waiting: Bool) throws -> Bool {
        while flock(descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            if errno != EINTR { throw failure() }
        }
        return true
    }

    private static func failure() -> POSIXError {
        POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
}

/// The system's call, which the method of the same name hides.
private func closeDescriptor(_ descriptor: Int32) -> Int32 {
    close(descriptor)
}
