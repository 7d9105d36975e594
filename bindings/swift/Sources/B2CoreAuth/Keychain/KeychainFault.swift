import Foundation

/// Why a ``KeychainSessionStore`` could not read or write a record.
///
/// Those that are not ``isLasting`` pass: the call throws a `StoreFailure` with it, nothing is removed, and the same call works later. Nobody is
/// signed out by them. After one that is lasting, records cannot be read any more: they read as missing.
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
    /// The record cannot be written, for example because the disk is full. A record that was there is intact.
    case storageFailed
    /// The record is larger than 1 MiB and was not written. This library's have some KiB. A record that was there is intact.
    case recordTooLarge
    /// The file of the installation's id can be neither read nor made now, so nobody can say whose the records are.
    case installationUnknown
    /// The Keychain says twice in a row that it cannot decode the item, or that it has no data. The next write takes its place. Apple's
    /// Keychain seldom says so: it deletes an item that it cannot decode and finds none, which is no fault.
    case recordCorrupt
    /// Records of an earlier installation of the app were removed, as ``KeychainBinding/installation(marker:)`` asks for.
    case otherInstallation
    /// The file of the installation's id had no id and was made anew. The records are then removed as those of an earlier installation:
    /// ``otherInstallation`` follows if there were any.
    case markerDamaged

    /// True if what was there cannot be read any more.
    public var isLasting: Bool {
        switch self {
        case .recordCorrupt, .otherInstallation, .markerDamaged: true
        case .deviceLocked, .missingEntitlement, .userNotAuthenticated, .keychainFailed, .storageFailed,
            .recordTooLarge, .installationUnknown:
            false
        }
    }

    /// What the library gets: that the store cannot be used now, or that the write has failed.
    var storeError: StoreError {
        switch self {
        case .storageFailed, .recordTooLarge: .failed
        case .deviceLocked, .missingEntitlement, .userNotAuthenticated, .keychainFailed, .installationUnknown,
            .recordCorrupt, .otherInstallation, .markerDamaged:
            .unavailable
        }
    }
}

extension KeychainFault: LocalizedError, CustomStringConvertible, CustomDebugStringConvertible {
    /// A sentence in English, for a log.
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
        case .markerDamaged: "the installation's marker was damaged and was made anew"
        }
    }
    public var debugDescription: String { description }
    public var errorDescription: String? { description }
}

extension KeychainFault: CustomNSError {
    /// `B2CoreAuth.KeychainFault`.
    public static var errorDomain: String { "B2CoreAuth.KeychainFault" }

    /// A number of its own for each case, which never changes its meaning.
    public var errorCode: Int {
        switch self {
        case .deviceLocked: 1
        case .missingEntitlement: 2
        case .userNotAuthenticated: 3
        case .keychainFailed: 4
        case .storageFailed: 5
        case .recordTooLarge: 6
        case .installationUnknown: 7
        case .recordCorrupt: 8
        case .otherInstallation: 9
        case .markerDamaged: 10
        }
    }

    public var errorUserInfo: [String: Any] { [NSLocalizedDescriptionKey: description] }
}
