import Foundation

/// The four calls of the Keychain, for generic passwords. `Security` implements them on Apple's systems; tests bring their own.
///
/// An implementation holds to what the store counts on: all items are readable after the first unlock, on this device only; they are
/// never synchronized; and they are in the data protection Keychain.
///
/// As on Apple's systems, an item that cannot be decoded is deleted by whatever reads or changes it, and is not found. A deletion decodes
/// nothing: it succeeds before the first unlock too.
package protocol SecItems: Sendable {
    /// The data of one item.
    func copy(_ query: ItemQuery) -> (status: KeychainStatus, data: Data?)

    /// The attributes of all items that match, with their access groups and without their data.
    func list(_ query: ItemQuery) -> (status: KeychainStatus, items: [ItemAttributes])

    /// Adds an item, to the app's default group if none is given: `duplicateItem` if there is one of this service and account there.
    func add(_ item: ItemAttributes, data: Data) -> KeychainStatus

    /// Changes the items that match: `itemNotFound` if none does, `duplicateItem` if another item has the new service and account.
    func update(_ query: ItemQuery, _ change: ItemChange) -> KeychainStatus

    /// Deletes the items that match: `itemNotFound` if none does.
    func delete(_ query: ItemQuery) -> KeychainStatus
}

/// Which items are meant.
package struct ItemQuery: Equatable, Sendable {
    package var service: String
    /// `nil` for all of the service.
    package var account: String?
    /// The installation's id; `nil` for any and for none.
    package var installation: Data?
    /// `nil` for every group of the app.
    package var accessGroup: String?

    package init(service: String, account: String? = nil, installation: Data? = nil, accessGroup: String? = nil) {
        (self.service, self.account) = (service, account)
        (self.installation, self.accessGroup) = (installation, accessGroup)
    }
}

/// The attributes of an item that the store uses. Service, account and access group together are its key.
package struct ItemAttributes: Equatable, Sendable {
    package var service: String
    package var account: String
    /// The installation's id, in the attribute `kSecAttrGeneric`.
    package var installation: Data?
    /// The group that the item is in; of an item to be added, `nil` for the app's default group.
    package var accessGroup: String?

    package init(service: String, account: String, installation: Data? = nil, accessGroup: String? = nil) {
        (self.service, self.account) = (service, account)
        (self.installation, self.accessGroup) = (installation, accessGroup)
    }

    package var query: ItemQuery {
        ItemQuery(service: service, account: account, accessGroup: accessGroup)
    }
}

/// What changes of an item; `nil` stays as it is.
package struct ItemChange: Equatable, Sendable {
    package var service: String?
    package var account: String?
    package var installation: Data?
    package var data: Data?

    package init(service: String? = nil, account: String? = nil, installation: Data? = nil, data: Data? = nil) {
        (self.service, self.account, self.installation, self.data) = (service, account, installation, data)
    }
}
