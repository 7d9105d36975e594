import Foundation

/// The file with the id of this installation of the app.
///
/// Only a file that is known to be missing or damaged is made anew: one that is out of reach, as before the first unlock, does not
/// make the app a new installation.
struct InstallationMarker {
    let url: URL

    private static let idLength = 16

    /// The id; `nil` if there is no file, or it holds none.
    ///
    /// - Throws: ``KeychainFault/installationUnknown`` if the file cannot be read now.
    func read() throws(KeychainFault) -> Data? {
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .installationUnknown
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            // Of a file that is longer, the beginning is enough to see that it is no marker.
            return id(in: try file.read(upToCount: 4 * InstallationMarker.idLength) ?? Data())
        } catch {
            throw .installationUnknown
        }
    }

    /// Makes a file with a new id.
    ///
    /// - Throws: ``KeychainFault/installationUnknown`` if it cannot be made.
    func make() throws(KeychainFault) -> Data {
        let id = Data((0..<InstallationMarker.idLength).map { _ in UInt8.random(in: .min ... .max) })
        do {
            // The whole file or none: it is renamed when it is complete.
            try Data(id.map { String(format: "%02x", $0) }.joined().utf8).write(to: url, options: .atomic)
        } catch {
            throw .installationUnknown
        }
        StoredFiles.keepFromBackups(url)
        StoredFiles.protectUntilFirstUnlock(url)
        return id
    }

    /// Runs it while no other process that uses this marker does so.
    ///
    /// - Throws: ``KeychainFault/installationUnknown`` if the folder cannot be written, and what `work` throws.
    func withLock<T>(_ work: () throws(KeychainFault) -> T) throws(KeychainFault) -> T {
        let lock: LockedFile?
        do {
            let folder = url.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let file = url.appendingPathExtension("lock")
            lock = try LockedFile(file, waiting: true)
            StoredFiles.keepFromBackups(file)
        } catch {
            throw .installationUnknown
        }
        defer { lock?.close() }
        return try work()
    }

    private func id(in file: Data) -> Data? {
        let hex = Array(file)
        guard hex.count == 2 * InstallationMarker.idLength else { return nil }
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap { index in
            UInt8(String(decoding: hex[index...index + 1], as: UTF8.self), radix: 16)
        }
        return bytes.count == InstallationMarker.idLength ? Data(bytes) : nil
    }
}
