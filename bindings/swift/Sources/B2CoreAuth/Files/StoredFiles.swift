import Foundation

/// What Apple's systems do with a file beside storing it. Tests bring their own.
package protocol StoredFiles: Sendable {
    /// No backup includes this file or folder.
    func keepFromBackups(_ url: URL)

    /// The file can be read from the first unlock on, as the records of the Keychain can.
    func protectUntilFirstUnlock(_ url: URL)

    /// The file can be used at any time: for files that hold nothing. Of a folder: what is made in it from now on can.
    func protectNever(_ url: URL)
}

/// The device's files. On Linux there is neither a backup nor a file protection, and on macOS no protection. Not run on a device yet.
package struct SystemFiles: StoredFiles {
    package init() {}

    package func keepFromBackups(_ url: URL) {
        #if canImport(Darwin)
            var values = URLResourceValues()
            values.isExcludedFromBackup = true
            var url = url
            // A file system without this attribute has no backup by it either.
            try? url.setResourceValues(values)
        #endif
    }

    package func protectUntilFirstUnlock(_ url: URL) {
        protect(url, untilFirstUnlock: true)
    }

    package func protectNever(_ url: URL) {
        protect(url, untilFirstUnlock: false)
    }

    private func protect(_ url: URL, untilFirstUnlock: Bool) {
        #if os(iOS) || os(tvOS) || os(watchOS) || os(visionOS)
            let type: FileProtectionType = untilFirstUnlock ? .completeUntilFirstUserAuthentication : .none
            try? FileManager.default.setAttributes([.protectionKey: type], ofItemAtPath: url.path)
        #endif
    }
}
