/// Where sessions and pending steps are stored.
public enum StoreChoice: Sendable {
    /// In memory: they are gone when the process ends. Not in a native library that is built without a file store.
    case memory
    /// In an encrypted file, whose key comes from the passphrase or, without one, from a key file beside it. Without a path it is
    /// in the user's folder for this program's data: `Application Support/<bundle id>/B2CoreAuth/store` on Apple's systems, and
    /// `<program>/B2CoreAuth/store` below `$XDG_DATA_HOME` or `~/.local/share` elsewhere. On Apple's systems no backup includes that
    /// folder, and its files can be read from the first unlock on; with a path of your own, see to both. A ``KeychainSessionStore`` is
    /// the better place there. Not in a native library that is built without a file store.
    case file(path: String? = nil, passphrase: Passphrase? = nil)
    /// In a ``KeychainSessionStore``, or in a store of the app's own. Give the lock between the processes that share the store; `nil` if
    /// only this process uses it.
    case custom(any SessionStore, processLock: (any ProcessLock)? = nil)
}

extension StoreChoice {
    func raw(
        place: () -> DefaultPlace = DefaultPlace.ofThisProgram, files: any StoredFiles = SystemFiles()
    ) throws(AuthError) -> Raw.StoreChoice {
        switch self {
        case .memory: .memory
        case .file(let path?, let passphrase): .file(path: path, passphrase: passphrase?.raw)
        case .file(nil, let passphrase):
            .file(path: try place().prepared(files), passphrase: passphrase?.raw)
        case .custom(let store, let lock):
            .custom(store: SessionStoreAdapter(store), processLock: lock.map(ProcessLockAdapter.init))
        }
    }
}

extension StoreChoice: CustomStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .memory: "memory"
        case .file: "file(..)"
        case .custom: "custom(..)"
        }
    }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The passphrase of a file store. Nothing prints it.
public struct Passphrase: Sendable {
    let raw: Raw.Passphrase

    /// A passphrase. It must not be empty.
    public init(_ text: String) {
        raw = Raw.Passphrase(text: text)
    }
}

extension Passphrase: CustomStringConvertible, CustomReflectable {
    public var description: String { "Passphrase(..)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
