import Foundation

/// A store in the Keychain: each record is a generic password of this device, readable after its first unlock, and never synchronized.
///
/// ```swift
/// let client = try AuthClient(host: "https://broker.example", store: .custom(KeychainSessionStore()))
/// ```
///
/// The initializer opens nothing. All calls of the Keychain run one after the other on a queue of the store's own, never on the main
/// thread or on a thread that tasks wait for. Several stores of one service share their records. If several processes do, such as an app
/// and its extension, give the client a ``FileLock`` too.
///
/// Whatever goes wrong has a ``KeychainFault``, which `onFault` gets and ``lastFault`` keeps. Nobody is signed out by what can pass: that
/// there is no item counts only after an item of the store's own could be read or written, since a Keychain that cannot be used may say the
/// same.
///
/// A record that the Keychain cannot decode reads as missing: the user signs in again. Apple's Keychain deletes such an item itself and says
/// that it finds none, so there is nothing to keep aside and no fault to report. What was read and is no record of this library is dealt
/// with as in every store: by the library.
///
/// Where there is no Keychain, as on Linux, every call throws a `StoreFailure`.
public final class KeychainSessionStore: SessionStore {
    private static let mark = QueueMark()

    /// Whether this runs on the queue of a store.
    package static var isOnQueue: Bool { DispatchQueue.getSpecific(key: mark.key) == true }

    private let queue = DispatchQueue(label: "b2core-auth.keychain", qos: .userInitiated)
    private let records: KeychainRecords
    private let faults: Faults

    /// Makes a store. It opens nothing.
    ///
    /// - Parameters:
    ///   - service: The items' service; `nil` for the bundle's id and `.b2core-auth`. Another service is another store. An extension has
    ///     another bundle id: give it and its app the same service.
    ///   - accessGroup: The access group that the items belong to, for an app and its extensions: one of the app's entitlements, with the
    ///     team's prefix. `nil` for every group of the app: new items go to its default group, the others are found in whichever they are.
    ///     With ``KeychainBinding/installation(marker:)`` it is the default group alone. An app that shares groups with other apps gives
    ///     its own or a service that only it has.
    ///   - binding: What the records are bound to.
    ///   - onFault: Is called with each fault, on a queue of the store's.
    public convenience init(
        service: String? = nil, accessGroup: String? = nil, binding: KeychainBinding = .device,
        onFault: (@Sendable (KeychainFault) -> Void)? = nil
    ) {
        self.init(
            items: SystemKeychain(), service: service, accessGroup: accessGroup, binding: binding, onFault: onFault)
    }

    /// A store in a Keychain of the caller's, of another app, or with the caller's files, for tests.
    package init(
        items: any SecItems, files: any StoredFiles = SystemFiles(), app: String? = nil, service: String? = nil,
        accessGroup: String? = nil, binding: KeychainBinding = .device,
        onFault: (@Sendable (KeychainFault) -> Void)? = nil
    ) {
        let app = app ?? Bundle.main.bundleIdentifier ?? ProcessInfo.processInfo.processName
        let marker: InstallationMarker? =
            switch binding {
            case .device: nil
            case .installation(let url): InstallationMarker(url: url, files: files)
            }
        let faults = Faults(onFault)
        self.faults = faults
        queue.setSpecific(key: KeychainSessionStore.mark.key, value: true)
        records = KeychainRecords(
            items: items, service: service ?? app + ".b2core-auth", app: app, accessGroup: accessGroup, marker: marker,
            report: { faults.report($0) })
    }

    /// The newest fault of this store since it was made; `nil` if there was none.
    public var lastFault: KeychainFault? { faults.last }

    public func load(name: String) async throws -> LoadResult {
        try await onQueue { try $0.read(name) }.map { .found($0) } ?? .missing
    }

    public func save(name: String, data: Data) async throws {
        try await onQueue { try $0.write(name, data) }
    }

    public func remove(name: String) async throws {
        try await onQueue { try $0.remove(name) }
    }

    /// The names of all records of this service.
    public func names() async throws -> [String] {
        try await onQueue { try $0.names() }
    }

    /// Runs it where it may wait, and says what went wrong.
    private func onQueue<T: Sendable>(_ work: @escaping @Sendable (KeychainRecords) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [records, faults] in
                do {
                    continuation.resume(returning: try work(records))
                } catch let fault as KeychainFault {
                    faults.report(fault)
                    continuation.resume(throwing: StoreFailure(fault.storeError, because: fault))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }
}

extension KeychainSessionStore: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "KeychainSessionStore" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The newest fault, and who is notified of each.
private final class Faults: @unchecked Sendable {
    private let lock = NSLock()
    private let listener: (@Sendable (KeychainFault) -> Void)?
    private var newest: KeychainFault?

    init(_ listener: (@Sendable (KeychainFault) -> Void)?) {
        self.listener = listener
    }

    var last: KeychainFault? { lock.withLock { newest } }

    func report(_ fault: KeychainFault) {
        lock.withLock { newest = fault }
        listener?(fault)
    }
}
