/// Why a ``KeychainSessionStore`` could not read or write a record.
///
/// Those that are not ``isLasting`` pass: the call throws `StoreError`, nothing is moved or removed, and the same call works later.
/// Nobody is signed out by them. After one that is lasting, the record cannot be read any more: it is moved aside, and it reads as
/// missing.
public enum KeychainFault: Error, Equatable, Hashable, Sendable {
    /// The device was not unlocked since it was started, so no item can be read or written (`errSecInteractionNotAllowed`).
    case deviceLocked
    /// The app lacks the entitlement for this Keychain or this access group (`errSecMissingEntitlement`): it is not signed, the
    /// capability *Keychain Sharing* is missing, or the group is not among its groups.
    case missingEntitlement
    /// The user has to authenticate first, or has refused to.
    case userNotAuthenticated
    /// The Keychain does not answer as it should now, such as while its service restarts.
    ///
    /// - Parameter status: The `OSStatus`.
    case keychainFailed(status: Int32)
    /// The item cannot be written, for example because the disk is full. A record that was there is intact.
    case storageFailed
    /// The record is larger than 1 MiB and was not written. This library's have some KiB. A record that was there is intact.
    case recordTooLarge
    /// The file of the installation's id can be neither read nor made now, so nobody can say whose the records are.
    case installationUnknown
    /// The Keychain cannot decode the item, or it has no data.
    case recordCorrupt
    /// Records of an earlier installation of the app were removed, as ``KeychainBinding/installation(marker:)`` asks for.
    case otherInstallation

    /// True if the record cannot be read any more, so that it was moved aside or, if it is another installation's, removed.
    public var isLasting: Bool {
        switch self {
        case .recordCorrupt, .otherInstallation: true
        case .deviceLocked, .missingEntitlement, .userNotAuthenticated, .keychainFailed, .storageFailed,
            .recordTooLarge,
            .installationUnknown:
            false
        }
    }

    /// What the library gets: that the store cannot be used now, or that the write has failed.
    var storeError: StoreError {
        switch self {
        case .storageFailed, .recordTooLarge: .failed
        case .deviceLocked, .missingEntitlement, .userNotAuthenticated, .keychainFailed, .installationUnknown,
            .recordCorrupt, .otherInstallation:
            .unavailable
        }
    }
}

extension KeychainFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .deviceLocked: "the device was not unlocked since it was started"
        case .missingEntitlement: "the app has no entitlement for this Keychain or access group"
        case .userNotAuthenticated: "the user has not authenticated"
        case .keychainFailed(let status): "the Keychain failed with status \(status)"
        case .storageFailed: "the item cannot be written"
        case .recordTooLarge: "the record is too large for the Keychain"
        case .installationUnknown: "the installation's marker can be neither read nor made"
        case .recordCorrupt: "the Keychain cannot decode the item"
        case .otherInstallation: "records of another installation were removed"
        }
    }
}
