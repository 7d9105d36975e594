import B2CoreAuth
import Foundation

/// A Keychain in memory that answers as the device's does: by statuses, with service, account and group as the key of an item.
final class FakeKeychain: SecItems, @unchecked Sendable {
    enum Call: String, CaseIterable { case copy, list, add, update, delete }

    /// What the device lets an app do.
    enum Lock {
        case open
        /// Before the first unlock: nothing can be read or written.
        case locked
        /// The same, from a Keychain that does not find what it cannot read.
        case lockedAndEmpty
    }

    struct Key: Hashable {
        let service: String
        let account: String
        let group: String
    }

    struct Item: Equatable {
        var installation: Data?
        var data: Data
        /// False for one that the Keychain cannot decode.
        var isWhole = true
    }

    private static let defaultGroup = "app"

    private let mutex = NSLock()
    private var stored: [Key: Item] = [:]
    private var state = Lock.open
    private var entitled: Set<String> = [defaultGroup]
    private var trouble: (@Sendable (Call, ItemQuery) -> KeychainStatus?)?
    private var seen: [(call: Call, query: ItemQuery)] = []
    private var places: Set<Bool> = []
    private var wasOnMainThread = false

    // MARK: What a test does and sees

    func set(_ lock: Lock) { mutex.withLock { state = lock } }

    func entitle(_ groups: Set<String>) { mutex.withLock { entitled = groups } }

    /// From now on this is asked first; what it returns is the answer. It is called without the lock: it may change the Keychain.
    func when(_ trouble: (@Sendable (Call, ItemQuery) -> KeychainStatus?)?) {
        mutex.withLock { self.trouble = trouble }
    }

    var items: [Key: Item] { mutex.withLock { stored } }

    /// The accounts of this service.
    func accounts(_ service: String) -> [String] {
        items.keys.filter { $0.service == service }.map(\.account).sorted()
    }

    /// Damages or repairs the items of this service whose account ends so.
    func setWhole(_ isWhole: Bool, _ service: String, _ end: String = "") {
        mutex.withLock {
            for key in stored.keys where key.service == service && key.account.hasSuffix(end) {
                stored[key]?.isWhole = isWhole
            }
        }
    }

    func put(_ service: String, _ account: String, _ item: Item) {
        mutex.withLock { stored[Key(service: service, account: account, group: FakeKeychain.defaultGroup)] = item }
    }

    func takeOut(_ service: String, _ account: String) {
        mutex.withLock {
            _ = stored.removeValue(forKey: Key(service: service, account: account, group: FakeKeychain.defaultGroup))
        }
    }

    var calls: [Call] { mutex.withLock { seen.map(\.call) } }

    /// Whether the callers were on a store's queue.
    var wereOnQueue: Set<Bool> { mutex.withLock { places } }

    var wasCalledOnMainThread: Bool { mutex.withLock { wasOnMainThread } }

    // MARK: The four calls

    func copy(_ query: ItemQuery) -> (status: KeychainStatus, data: Data?) {
        if let refusal = refusal(.copy, query) { return (refusal, nil) }
        return mutex.withLock {
            guard let item = matching(query).first.flatMap({ stored[$0] }) else { return (.itemNotFound, nil) }
            return item.isWhole ? (.success, item.data) : (.decode, nil)
        }
    }

    func list(_ query: ItemQuery) -> (status: KeychainStatus, items: [ItemAttributes]) {
        if let refusal = refusal(.list, query) { return (refusal, []) }
        return mutex.withLock {
            let found = matching(query).map { key in
                ItemAttributes(
                    service: key.service, account: key.account, installation: stored[key]?.installation,
                    accessGroup: query.accessGroup)
            }
            return found.isEmpty ? (.itemNotFound, []) : (.success, found)
        }
    }

    func add(_ item: ItemAttributes, data: Data) -> KeychainStatus {
        if let refusal = refusal(.add, item.query) { return refusal }
        return mutex.withLock {
            let group = item.accessGroup ?? FakeKeychain.defaultGroup
            let key = Key(service: item.service, account: item.account, group: group)
            guard stored[key] == nil else { return .duplicateItem }
            stored[key] = Item(installation: item.installation, data: data)
            return .success
        }
    }

    func update(_ query: ItemQuery, _ change: ItemChange) -> KeychainStatus {
        if let refusal = refusal(.update, query) { return refusal }
        return mutex.withLock {
            let keys = matching(query)
            guard !keys.isEmpty else { return .itemNotFound }
            for key in keys {
                guard var item = stored[key] else { continue }
                // What cannot be decoded cannot be sealed anew either.
                if change.data != nil, !item.isWhole { return .decode }
                let new = Key(
                    service: change.service ?? key.service, account: change.account ?? key.account, group: key.group)
                if new != key, stored[new] != nil { return .duplicateItem }
                item.data = change.data ?? item.data
                item.installation = change.installation ?? item.installation
                stored[key] = nil
                stored[new] = item
            }
            return .success
        }
    }

    func delete(_ query: ItemQuery) -> KeychainStatus {
        if let refusal = refusal(.delete, query) { return refusal }
        return mutex.withLock {
            let keys = matching(query)
            for key in keys { stored[key] = nil }
            return keys.isEmpty ? .itemNotFound : .success
        }
    }

    private func refusal(_ call: Call, _ query: ItemQuery) -> KeychainStatus? {
        let isOnQueue = KeychainSessionStore.isOnQueue
        let trouble = mutex.withLock {
            seen.append((call, query))
            places.insert(isOnQueue)
            wasOnMainThread = wasOnMainThread || Thread.isMainThread
            return self.trouble
        }
        if let status = trouble?(call, query) { return status }
        return mutex.withLock {
            if let group = query.accessGroup, !entitled.contains(group) { return .missingEntitlement }
            switch state {
            case .open: return nil
            case .locked: return .interactionNotAllowed
            case .lockedAndEmpty: return call == .add ? .interactionNotAllowed : .itemNotFound
            }
        }
    }

    /// Needs the lock.
    private func matching(_ query: ItemQuery) -> [Key] {
        stored.filter { key, item in
            key.service == query.service && (query.account ?? key.account) == key.account
                && (query.accessGroup ?? key.group) == key.group && entitled.contains(key.group)
                && (query.installation == nil || query.installation == item.installation)
        }.keys.sorted { $0.account < $1.account }
    }
}
