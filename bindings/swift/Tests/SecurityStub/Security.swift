// A module of the name and with the calls of Apple's `Security`, as far as the Keychain store uses it, for systems that have none. Types
// are those that Swift sees on Apple's systems, or what these convert to. It knows no attribute that the store has no use for, so one that
// is misspelt or out of place is a wrong parameter, as it is there. A query without an access group means all groups, an item without one
// goes to the default group, and before the first unlock items can be deleted only. It shows that the store's calls are well formed, and no
// more of what Apple's Keychain does.

import Foundation

public typealias OSStatus = Int32
public typealias CFString = String
public typealias CFDictionary = [String: Any]
public typealias CFTypeRef = Any

public let kSecClass: CFString = "class"
public let kSecClassGenericPassword: CFString = "genp"
public let kSecAttrService: CFString = "svce"
public let kSecAttrAccount: CFString = "acct"
public let kSecAttrGeneric: CFString = "gena"
public let kSecAttrAccessGroup: CFString = "agrp"
public let kSecAttrAccessible: CFString = "pdmn"
public let kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly: CFString = "cku"
public let kSecAttrSynchronizable: CFString = "sync"
public let kSecUseDataProtectionKeychain: CFString = "nleg"
public let kSecMatchLimit: CFString = "m_Limit"
public let kSecMatchLimitOne: CFString = "m_LimitOne"
public let kSecMatchLimitAll: CFString = "m_LimitAll"
public let kSecReturnData: CFString = "r_Data"
public let kSecReturnAttributes: CFString = "r_Attributes"
public let kSecValueData: CFString = "v_Data"

/// Whether the device was not unlocked since it was started.
nonisolated(unsafe) public var stubIsLocked = false
/// The default group of the app.
public let stubDefaultGroup = "default"

private let parameter: OSStatus = -50
private let interactionNotAllowed: OSStatus = -25308
private let duplicateItem: OSStatus = -25299
private let itemNotFound: OSStatus = -25300
private let selectors: Set = [kSecClass, kSecAttrSynchronizable, kSecUseDataProtectionKeychain]
private let attributes: Set = [kSecAttrService, kSecAttrAccount, kSecAttrGeneric, kSecAttrAccessGroup]

/// One thread uses it.
nonisolated(unsafe) private var items: [[String: Any]] = []

public func SecItemCopyMatching(_ query: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus {
    guard isQuery(query, with: [kSecMatchLimit, kSecReturnData, kSecReturnAttributes]) else { return parameter }
    if stubIsLocked { return interactionNotAllowed }
    let found = items.filter { matches($0, query) }
    guard let first = found.first else { return itemNotFound }
    switch query[kSecMatchLimit] as? String {
    case kSecMatchLimitOne where query[kSecReturnData] as? Bool == true: result?.pointee = first[kSecValueData]
    case kSecMatchLimitAll where query[kSecReturnAttributes] as? Bool == true:
        // Data of several items at once is a wrong parameter.
        guard query[kSecReturnData] == nil else { return parameter }
        result?.pointee = found.map { $0.filter { $0.key != kSecValueData } }
    default: return parameter
    }
    return 0
}

public func SecItemAdd(_ attributes: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus {
    guard isQuery(attributes, with: [kSecValueData, kSecAttrAccessible]), isOurs(attributes),
        attributes[kSecAttrService] is String, attributes[kSecAttrAccount] is String
    else { return parameter }
    if stubIsLocked { return interactionNotAllowed }
    let new = attributes.filter { !selectors.contains($0.key) }
        .merging([kSecAttrAccessGroup: stubDefaultGroup]) { given, _ in given }
    guard !items.contains(where: { key($0) == key(new) }) else { return duplicateItem }
    items.append(new)
    return 0
}

public func SecItemUpdate(_ query: CFDictionary, _ change: CFDictionary) -> OSStatus {
    guard isQuery(query, with: []), !change.isEmpty,
        change.keys.allSatisfy({ attributes.union([kSecValueData, kSecAttrAccessible]).contains($0) }),
        change[kSecValueData] == nil || isOurs(change)
    else { return parameter }
    if stubIsLocked { return interactionNotAllowed }
    let indices = items.indices.filter { matches(items[$0], query) }
    guard !indices.isEmpty else { return itemNotFound }
    for index in indices {
        let new = items[index].merging(change) { $1 }
        if key(new) != key(items[index]), items.contains(where: { key($0) == key(new) }) { return duplicateItem }
        items[index] = new
    }
    return 0
}

public func SecItemDelete(_ query: CFDictionary) -> OSStatus {
    guard isQuery(query, with: []) else { return parameter }
    let before = items.count
    items.removeAll { matches($0, query) }
    return items.count == before ? itemNotFound : 0
}

/// A query for generic passwords of the data protection Keychain that are not synchronized.
private func isQuery(_ query: CFDictionary, with others: Set<String>) -> Bool {
    query[kSecClass] as? String == kSecClassGenericPassword && query[kSecAttrSynchronizable] as? Bool == false
        && query[kSecUseDataProtectionKeychain] as? Bool == true
        && query.keys.allSatisfy { selectors.union(attributes).union(others).contains($0) }
}

/// After the first unlock, on this device only.
private func isOurs(_ item: CFDictionary) -> Bool {
    item[kSecAttrAccessible] as? String == kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        && item[kSecValueData] is Data
}

private func matches(_ item: [String: Any], _ query: CFDictionary) -> Bool {
    for name in [kSecAttrService, kSecAttrAccount, kSecAttrAccessGroup] {
        if let wanted = query[name] as? String, item[name] as? String != wanted { return false }
    }
    guard let wanted = query[kSecAttrGeneric] as? Data else { return true }
    return item[kSecAttrGeneric] as? Data == wanted
}

private func key(_ item: [String: Any]) -> [String] {
    [kSecAttrService, kSecAttrAccount, kSecAttrAccessGroup].map { item[$0] as? String ?? "" }
}
