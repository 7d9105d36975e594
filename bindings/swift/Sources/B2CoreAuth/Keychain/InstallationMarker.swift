import Foundation

/// The file with the id of this installation of the app.
///
/// Only a file that is known to be missing or damaged is made anew: one that is out of reach, as before the first unlock, does not
/// make the app a new installation.
struct InstallationMarker {
    /// What is in the file.
    enum Content: Equatable {
        case id(Data)
        case missing
        /// A file, but no id: it was cut off or overwritten.
        case damaged
    }

    let url: URL
    let files: any StoredFiles

    private static let idLength = 16
    /// How much of the file is read. A longer one is no marker.
    private static let most = 128

    /// What is there.
    ///
    /// - Throws: ``KeychainFault/installationUnknown`` if the file cannot be read now.
    func read() throws(KeychainFault) -> Content {
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return .missing }
            throw .installationUnknown
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let data: Data
        do {
            data = try file.read(upToCount: InstallationMarker.most + 1) ?? Data()
        } catch {
            throw .installationUnknown
        }
        guard data.count <= InstallationMarker.most, let id = id(in: data) else { return .damaged }
        // Also where it was lost, or could not be set when the file was made.
        files.protectUntilFirstUnlock(url)
        return .id(id)
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
        files.keepFromBackups(url)
        files.protectUntilFirstUnlock(url)
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
            files.keepFromBackups(file)
            // The folder is not ours, so the file has the class of the app's other files until it gets its own.
            files.protectNever(file)
        } catch {
            throw .installationUnknown
        }
        defer { lock?.unlock() }
        return try work()
    }

    /// The id, with white space around it or none.
    private func id(in file: Data) -> Data? {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0d).contains(byte) }
        let hex = Array(file.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
        guard hex.count == 2 * InstallationMarker.idLength else { return nil }
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap { index in
            UInt8(String(decoding: hex[index...index + 1], as: UTF8.self), radix: 16)
        }
        return bytes.count == InstallationMarker.idLength ? Data(bytes) : nil
    }
}
