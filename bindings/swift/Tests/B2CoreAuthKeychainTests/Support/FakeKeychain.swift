import B2CoreAuth
import Foundation

/// A Keychain in memory that answers as the device's does: by statuses, with service, account and group as the key of an item. A query
/// without a group means all groups of the app. An item that cannot be decoded is deleted by whoever reads or changes it, and is not found.
final class FakeKeychain: SecItems, @unchecked Sendable {
    enum Call: String, CaseIterable { case copy, list, add, update, delete }

    /// What the device lets an app do.
    enum Lock {
        case open
        /// Before the first unlock: nothing can be read or written. Items can be deleted.
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

    private let mutex = NSLock()
    private var stored: [Key: Item] = [:]
    private var state = Lock.open
    private var entitled: Set<String> = ["app"]
    private var defaultGroup = "app"
    private var trouble: (@Sendable (Call, ItemQuery) -> KeychainStatus?)?
    private var seen: [(call: Call, query: ItemQuery)] = []
    private var places: Set<Bool> = []
    private var wasOnMainThread = false

    // MARK: What a test does and sees

    func set(_ lock: Lock) { mutex.withLock { state = lock } }

    /// The groups of the app, the first of which is its default.
    func entitle(_ groups: String...) {
        mutex.withLock { (entitled, defaultGroup) = (Set(groups), groups[0]) }
    }

    /// From now on this is asked first; what it returns is the answer. It is called without the lock: it may change the Keychain.
    func when(_ trouble: (@Sendable (Call, ItemQuery) -> KeychainStatus?)?) {
        mutex.withLock { self.trouble = trouble }
    }

    var items: [Key: Item] { mutex.withLock { stored } }

    /// The accounts of this service.
    func accounts(_ service: String) -> [String] {
        items.keys.filter { $0.service == service }.map(\.account).sorted()
    }

    /// Damages the items of this service whose account ends so.
    func damage(_ service: String, _ end: String = "") {
        mutex.withLock {
            for key in stored.keys where key.service == service && key.account.hasSuffix(end) {
                stored[key]?.isWhole = false
            }
        }
    }

    func put(_ service: String, _ account: String, _ item: Item, group: String = "app") {
        mutex.withLock { stored[Key(service: service, account: account, group: group)] = item }
    }

    func takeOut(_ service: String, _ account: String) {
        mutex.withLock {
            _ = stored.removeValue(forKey: Key(service: service, account: account, group: "app"))
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
            guard let item = decoded(query).first.flatMap({ stored[$0] }) else { return (.itemNotFound, nil) }
            return (.success, item.data)
        }
    }

    func list(_ query: ItemQuery) -> (status: KeychainStatus, items: [ItemAttributes]) {
        if let refusal = refusal(.list, query) { return (refusal, []) }
        return mutex.withLock {
            let found = decoded(query).map { key in
                ItemAttributes(
                    service: key.service, account: key.account, installation: stored[key]?.installation,
                    accessGroup: key.group)
            }
            return found.isEmpty ? (.itemNotFound, []) : (.success, found)
        }
    }

    func add(_ item: ItemAttributes, data: Data) -> KeychainStatus {
        if let refusal = refusal(.add, item.query) { return refusal }
        return mutex.withLock {
            let group = item.accessGroup ?? defaultGroup
            let key = Key(service: item.service, account: item.account, group: group)
            guard stored[key] == nil else { return .duplicateItem }
            stored[key] = Item(installation: item.installation, data: data)
            return .success
        }
    }

    func update(_ query: ItemQuery, _ change: ItemChange) -> KeychainStatus {
        if let refusal = refusal(.update, query) { return refusal }
        return mutex.withLock {
            let keys = decoded(query)
            guard !keys.isEmpty else { return .itemNotFound }
            for key in keys {
                guard var item = stored[key] else { continue }
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
            // A deletion needs no key.
            case _ where call == .delete: return nil
            case .locked: return .interactionNotAllowed
            case .lockedAndEmpty: return call == .add ? .interactionNotAllowed : .itemNotFound
            }
        }
    }

    /// Those of the matching items that can be decoded; the others are gone. Needs the lock.
    private func decoded(_ query: ItemQuery) -> [Key] {
        let keys = matching(query)
        for key in keys where stored[key]?.isWhole == false { stored[key] = nil }
        return keys.filter { stored[$0] != nil }
    }

    /// Needs the lock.
    private func matching(_ query: ItemQuery) -> [Key] {
        stored.filter { key, item in
            key.service == query.service && (query.account ?? key.account) == key.account
                && (query.accessGroup ?? key.group) == key.group && entitled.contains(key.group)
                && (query.installation == nil || query.installation == item.installation)
        }.keys.sorted { ($0.account, $0.group) < ($1.account, $1.group) }
    }
}
