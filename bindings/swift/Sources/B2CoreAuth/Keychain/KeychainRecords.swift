import Foundation

/// The records of a store as items of the Keychain. Its calls block, and are made one after the other.
///
/// | service | account | what |
/// | --- | --- | --- |
/// | the store's | the record's name | a record |
/// | the store's and `.quarantine` | a number, `-`, the record's name | a record that could not be decoded |
/// | the store's and `.probe` | `probe` | what is written to see whether the Keychain can be used |
///
/// With a binding to the installation, each item has its id, and items with another id or none are removed at the first use.
final class KeychainRecords: @unchecked Sendable {
    /// The largest record. The Keychain is for small items; a record of this library has some KiB.
    static let largest = 1 << 20

    let items: any SecItems
    let service: String
    let report: (KeychainFault) -> Void
    private let accessGroup: String?
    private let marker: InstallationMarker?
    /// Known once the records of other installations are gone.
    private(set) var installation: Data?

    init(
        items: any SecItems, service: String, accessGroup: String?, binding: KeychainBinding,
        report: @escaping (KeychainFault) -> Void
    ) {
        (self.items, self.service, self.accessGroup, self.report) = (items, service, accessGroup, report)
        switch binding {
        case .device: marker = nil
        case .installation(let url): marker = InstallationMarker(url: url)
        }
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
                    if let data = try moveAside(name) { return data }
                    return nil
                }
                isBroken = true
            case .itemNotFound:
                // Asked again after the write: the device may have been unlocked in between.
                if isProven { return nil }
                try probe()
                isProven = true
            default: throw status.fault
            }
        }
    }

    /// Writes this record, in place of the one before.
    func write(_ name: String, _ data: Data) throws(KeychainFault) {
        guard data.count <= KeychainRecords.largest else { throw .recordTooLarge }
        try begin()
        var status = KeychainStatus.success
        // Each can find that another process has just added or removed the item.
        for _ in 0..<4 {
            status = items.update(record(name), ItemChange(installation: installation, data: data))
            if status == .decode {
                _ = try moveAside(name)
                // Where it cannot be moved, the new record takes its place, as it would if the old one were whole.
                _ = items.delete(record(name))
                status = .itemNotFound
            }
            if status == .itemNotFound { status = items.add(attributes(service, name), data: data) }
            if status != .duplicateItem { break }
        }
        guard status == .success else { throw status.fault }
    }

    /// Removes this record and what was moved aside of it: a sign-out leaves nothing behind.
    func remove(_ name: String) throws(KeychainFault) {
        try begin()
        try delete(record(name))
        for item in try list(quarantine) where recordName(ofQuarantined: item.account) == name {
            try delete(query(quarantine, item.account))
        }
    }

    /// The names of all records.
    func names() throws(KeychainFault) -> [String] {
        try begin()
        return try list(service).map(\.account)
    }

    /// Shows that items can be written, and so that one that is not found is missing.
    func probe() throws(KeychainFault) {
        let probe = attributes(service + ".probe", "probe")
        let data = Data([1])
        var status = KeychainStatus.success
        for _ in 0..<4 {
            status = items.update(probe.query, ItemChange(data: data))
            if status == .itemNotFound { status = items.add(probe, data: data) }
            if status != .duplicateItem { break }
        }
        guard status == .success else { throw status.fault }
    }

    /// Deletes the items that match; there may be none, if the Keychain can be used.
    func delete(_ query: ItemQuery) throws(KeychainFault) {
        var isProven = false
        while true {
            switch items.delete(query) {
            case .success: return
            case .itemNotFound:
                if isProven { return }
                try probe()
                isProven = true
            case let status: throw status.fault
            }
        }
    }

    /// The items of this service; there may be none, if the Keychain can be used.
    func list(_ service: String) throws(KeychainFault) -> [ItemAttributes] {
        var isProven = false
        while true {
            let (status, found) = items.list(query(service))
            switch status {
            case .success: return found
            case .itemNotFound:
                if isProven { return [] }
                try probe()
                isProven = true
            default: throw status.fault
            }
        }
    }

    func record(_ name: String) -> ItemQuery { query(service, name) }

    func query(_ service: String, _ account: String? = nil) -> ItemQuery {
        ItemQuery(service: service, account: account, accessGroup: accessGroup)
    }

    private func attributes(_ service: String, _ account: String) -> ItemAttributes {
        ItemAttributes(service: service, account: account, installation: installation, accessGroup: accessGroup)
    }

    /// Before the first use: removes what other installations have left.
    private func begin() throws(KeychainFault) {
        guard let marker, installation == nil else { return }
        // A device that was never unlocked has no new installation: neither its files nor its items can be read.
        try probe()
        // One process after the other, so that none removes what another one has begun to write.
        installation = try marker.withLock { () throws(KeychainFault) -> Data in
            let id = if let known = try marker.read() { known } else { try marker.make() }
            try removeOthers(than: id)
            return id
        }
    }

    private func removeOthers(than id: Data) throws(KeychainFault) {
        var others = 0
        for service in [service, quarantine] {
            for item in try list(service) where item.installation != id {
                try delete(query(service, item.account))
                others += 1
            }
        }
        if others > 0 { report(.otherInstallation) }
    }
}
