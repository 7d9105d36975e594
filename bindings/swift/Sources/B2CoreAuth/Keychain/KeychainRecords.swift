import Foundation

/// The records of a store as items of the Keychain. Its calls block, and are made one after the other.
///
/// | service | account | what |
/// | --- | --- | --- |
/// | the store's | the record's name | a record |
/// | the store's and `.probe` | the app's id | what is read or written to see whether the Keychain can be used |
///
/// With a binding to the installation, each item has its id, and items with another id or none are removed at the first use. Then the
/// store keeps to one access group: of another one, nobody here knows whose installations its items have.
final class KeychainRecords: @unchecked Sendable {
    /// The largest record. The Keychain is for small items; a record of this library has some KiB.
    static let largest = 1 << 20

    private let items: any SecItems
    private let service: String
    private let app: String
    private let report: (KeychainFault) -> Void
    private let marker: InstallationMarker?
    /// `nil` for every group of the app.
    private var accessGroup: String?
    /// Known once the records of other installations are gone.
    private var installation: Data?

    init(
        items: any SecItems, service: String, app: String, accessGroup: String?, marker: InstallationMarker?,
        report: @escaping (KeychainFault) -> Void
    ) {
        (self.items, self.service, self.app, self.report) = (items, service, app, report)
        (self.accessGroup, self.marker) = (accessGroup, marker)
    }

    /// The data of this record; `nil` if there is none.
    func read(_ name: String) throws(KeychainFault) -> Data? {
        try begin()
        var isBroken = false
        var isProven = false
        while true {
            let (status, data) = items.copy(record(name))
            switch status {
            case .success where data != nil: return data
            case .success, .decode:
                // It is given up only if the Keychain says so twice.
                if isBroken {
                    report(.recordCorrupt)
                    return nil
                }
                isBroken = true
            case .itemNotFound:
                // Asked again after the proof: the device may have been unlocked in between.
                if isProven { return nil }
                try prove()
                isProven = true
            default: throw status.fault
            }
        }
    }

    /// Writes this record, in place of the one before.
    func write(_ name: String, _ data: Data) throws(KeychainFault) {
        guard data.count <= KeychainRecords.largest else { throw .recordTooLarge }
        try begin()
        let status = put(attributes(name), data)
        guard status == .success else { throw status.writeFault }
    }

    /// Removes this record. Before the first unlock, too, an item can be deleted: what throws comes before that, so that a record is
    /// there after a removal that has failed.
    func remove(_ name: String) throws(KeychainFault) {
        try begin()
        switch items.copy(record(name)).status {
        case .success, .decode: break
        case .itemNotFound: try prove()
        case let status: throw status.fault
        }
        try delete(record(name))
    }

    /// The names of all records.
    func names() throws(KeychainFault) -> [String] {
        try begin()
        return try list(query(service)).map(\.account)
    }

    /// Shows that the Keychain can be used, and so that an item that is not found is missing. It writes only where there is nothing to
    /// read: a full disk keeps nobody from reading and removing.
    private func prove() throws(KeychainFault) {
        let (status, data) = items.copy(probe.query)
        switch status {
        case .success where data != nil: return
        case .success, .decode, .itemNotFound:
            let written = put(probe, Data([1]))
            guard written == .success else { throw written.fault }
        default: throw status.fault
        }
    }

    /// The item is the app's alone, so that its group is this app's default group where none was given.
    private var probe: ItemAttributes {
        ItemAttributes(service: service + ".probe", account: app, accessGroup: accessGroup)
    }

    /// Updates the item or adds it.
    private func put(_ item: ItemAttributes, _ data: Data) -> KeychainStatus {
        var status = KeychainStatus.success
        // Each can find that another process has just added or removed the item.
        for _ in 0..<4 {
            status = items.update(item.query, ItemChange(installation: item.installation, data: data))
            if status == .decode {
                // What cannot be decoded cannot be sealed anew either.
                _ = items.delete(item.query)
                status = .itemNotFound
            }
            if status == .itemNotFound { status = items.add(item, data: data) }
            if status != .duplicateItem { break }
        }
        return status
    }

    /// Deletes the items that match; there may be none, if the Keychain can be used.
    private func delete(_ query: ItemQuery) throws(KeychainFault) {
        var isProven = false
        while true {
            switch items.delete(query) {
            case .success: return
            case .itemNotFound:
                if isProven { return }
                try prove()
                isProven = true
            case let status: throw status.fault
            }
        }
    }

    /// The items that match; there may be none, if the Keychain can be used.
    private func list(_ query: ItemQuery) throws(KeychainFault) -> [ItemAttributes] {
        var isProven = false
        while true {
            let (status, found) = items.list(query)
            switch status {
            case .success: return found
            case .itemNotFound:
                if isProven { return [] }
                try prove()
                isProven = true
            default: throw status.fault
            }
        }
    }

    private func record(_ name: String) -> ItemQuery { query(service, name) }

    private func query(_ service: String, _ account: String? = nil) -> ItemQuery {
        ItemQuery(service: service, account: account, accessGroup: accessGroup)
    }

    private func attributes(_ name: String) -> ItemAttributes {
        ItemAttributes(service: service, account: name, installation: installation, accessGroup: accessGroup)
    }

    /// Before the first use: removes what other installations have left.
    private func begin() throws(KeychainFault) {
        guard let marker, installation == nil else { return }
        // A device that was never unlocked has no new installation: neither its files nor its items can be read.
        try prove()
        if accessGroup == nil { accessGroup = try defaultGroup() }
        // One process after the other, so that none removes what another one has begun to write.
        installation = try marker.withLock { () throws(KeychainFault) -> Data in
            let id: Data
            switch try marker.read() {
            case .id(let known): id = known
            case .missing: id = try marker.make()
            case .damaged:
                report(.markerDamaged)
                id = try marker.make()
            }
            try removeOthers(than: id)
            return id
        }
    }

    /// The group in which the probe is.
    private func defaultGroup() throws(KeychainFault) -> String {
        let groups = try list(probe.query).compactMap(\.accessGroup)
        // Two, if the app's groups were changed while two of its processes began: any, but always the same.
        guard let group = groups.min() else { throw KeychainStatus.itemNotFound.fault }
        return group
    }

    private func removeOthers(than id: Data) throws(KeychainFault) {
        var others = 0
        for item in try list(query(service)) where item.installation != id {
            try delete(item.query)
            others += 1
        }
        if others > 0 { report(.otherInstallation) }
    }
}
