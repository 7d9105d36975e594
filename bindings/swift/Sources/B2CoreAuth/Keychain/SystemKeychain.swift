import Foundation

#if canImport(Security)
    import Security

    /// The device's Keychain.
    package struct SystemKeychain: SecItems {
        package init() {}

        package func copy(_ query: ItemQuery) -> (status: KeychainStatus, data: Data?) {
            var search = matching(query)
            search[kSecMatchLimit as String] = kSecMatchLimitOne
            search[kSecReturnData as String] = true
            var found: CFTypeRef?
            let status = SecItemCopyMatching(search as CFDictionary, &found)
            return (KeychainStatus(rawValue: status), found as? Data)
        }

        package func list(_ query: ItemQuery) -> (status: KeychainStatus, items: [ItemAttributes]) {
            var search = matching(query)
            search[kSecMatchLimit as String] = kSecMatchLimitAll
            search[kSecReturnAttributes as String] = true
            var found: CFTypeRef?
            let status = SecItemCopyMatching(search as CFDictionary, &found)
            let items = (found as? [[String: Any]] ?? []).compactMap { attributes -> ItemAttributes? in
                guard let account = attributes[kSecAttrAccount as String] as? String else { return nil }
                return ItemAttributes(
                    service: query.service, account: account,
                    installation: attributes[kSecAttrGeneric as String] as? Data,
                    accessGroup: attributes[kSecAttrAccessGroup as String] as? String)
            }
            return (KeychainStatus(rawValue: status), items)
        }

        package func add(_ item: ItemAttributes, data: Data) -> KeychainStatus {
            var new = matching(item.query)
            new[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            new[kSecValueData as String] = data
            if let installation = item.installation { new[kSecAttrGeneric as String] = installation }
            return KeychainStatus(rawValue: SecItemAdd(new as CFDictionary, nil))
        }

        package func update(_ query: ItemQuery, _ change: ItemChange) -> KeychainStatus {
            var new: [String: Any] = [:]
            if let service = change.service { new[kSecAttrService as String] = service }
            if let account = change.account { new[kSecAttrAccount as String] = account }
            if let installation = change.installation { new[kSecAttrGeneric as String] = installation }
            if let data = change.data {
                new[kSecValueData as String] = data
                new[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            }
            return KeychainStatus(rawValue: SecItemUpdate(matching(query) as CFDictionary, new as CFDictionary))
        }

        package func delete(_ query: ItemQuery) -> KeychainStatus {
            KeychainStatus(rawValue: SecItemDelete(matching(query) as CFDictionary))
        }

        private func matching(_ query: ItemQuery) -> [String: Any] {
            var search: [String: Any] = [
                kSecClass as String: kSecClassGenericPassword,
                kSecAttrService as String: query.service,
                kSecAttrSynchronizable as String: false,
                // Of the two Keychains of macOS, the one with iOS's rules.
                kSecUseDataProtectionKeychain as String: true,
            ]
            if let account = query.account { search[kSecAttrAccount as String] = account }
            if let installation = query.installation { search[kSecAttrGeneric as String] = installation }
            if let group = query.accessGroup { search[kSecAttrAccessGroup as String] = group }
            return search
        }
    }
#else
    /// There is no Keychain on this system: every call says so.
    package struct SystemKeychain: SecItems {
        package init() {}

        package func copy(_ query: ItemQuery) -> (status: KeychainStatus, data: Data?) { (.unimplemented, nil) }

        package func list(_ query: ItemQuery) -> (status: KeychainStatus, items: [ItemAttributes]) {
            (.unimplemented, [])
        }

        package func add(_ item: ItemAttributes, data: Data) -> KeychainStatus { .unimplemented }

        package func update(_ query: ItemQuery, _ change: ItemChange) -> KeychainStatus { .unimplemented }

        package func delete(_ query: ItemQuery) -> KeychainStatus { .unimplemented }
    }
#endif
