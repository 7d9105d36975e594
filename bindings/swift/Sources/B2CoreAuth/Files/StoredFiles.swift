import Foundation

/// What Apple's systems do with a file beside storing it. On Linux there is neither a backup nor a file protection.
enum StoredFiles {
    /// No backup includes this file or folder.
    static func keepFromBackups(_ url: URL) {
        #if canImport(Darwin)
            var values = URLResourceValues()
            values.isExcludedFromBackup = true
            var url = url
            // A file system without this attribute has no backup by it either.
            try? url.setResourceValues(values)
        #endif
    }

    /// The file can be read from the first unlock on, as the records of the Keychain can.
    static func protectUntilFirstUnlock(_ url: URL) {
        protect(url, untilFirstUnlock: true)
    }

    /// The file can be used at any time: for files that hold nothing.
    static func protectNever(_ url: URL) {
        protect(url, untilFirstUnlock: false)
    }

    private static func protect(_ url: URL, untilFirstUnlock: Bool) {
        #if os(iOS) || os(tvOS) || os(watchOS) || os(visionOS)
            let type: FileProtectionType = untilFirstUnlock ? .completeUntilFirstUserAuthentication : .none
            try? FileManager.default.setAttributes([.protectionKey: type], ofItemAtPath: url.path)
        #endif
    }
}
