import Foundation

/// Where a file store is if nobody says where: in the user's folder for this program's data.
struct DefaultPlace {
    /// The user's folder for the data of programs; `nil` if the user has none.
    let data: URL?
    /// The folder in it that is this program's.
    let program: String

    /// The path of the store's file.
    func path() throws(AuthError) -> String {
        guard let data else {
            throw .setup(problem: "the user has no folder for a program's data: give the store's path")
        }
        return data.appendingPathComponent(program).appendingPathComponent("B2CoreAuth/store").path
    }

    /// The path of the store's file, in a folder that is there and that no backup includes. What is made in that folder can be read from
    /// the first unlock on, as the records of the Keychain can: a refresh in the background has to find its session.
    func prepared(_ files: any StoredFiles = SystemFiles()) throws(AuthError) -> String {
        let path = try path()
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        // If it cannot be made, the store says so when it is opened.
        try? FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        files.keepFromBackups(folder)
        files.protectUntilFirstUnlock(folder)
        return path
    }

    static func ofThisProgram() -> DefaultPlace {
        #if canImport(Darwin)
            let folders = FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask)
            return DefaultPlace(data: folders.first, program: Bundle.main.bundleIdentifier ?? programName)
        #else
            return DefaultPlace(data: xdgData(ProcessInfo.processInfo.environment), program: programName)
        #endif
    }

    /// `$XDG_DATA_HOME`, which counts only if it is absolute, or `~/.local/share`.
    static func xdgData(_ environment: [String: String]) -> URL? {
        func folder(_ name: String) -> URL? {
            environment[name].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0, isDirectory: true) : nil }
        }
        return folder("XDG_DATA_HOME") ?? folder("HOME")?.appendingPathComponent(".local/share")
    }

    private static var programName: String { ProcessInfo.processInfo.processName }
}
