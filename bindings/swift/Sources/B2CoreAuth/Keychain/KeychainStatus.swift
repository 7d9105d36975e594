/// The statuses of the Keychain that the store tells apart. The numbers are those of `OSStatus` in Apple's `SecBase.h` and
/// `MacErrors.h`; written out here, they can be tested where there is no Keychain.
package struct KeychainStatus: RawRepresentable, Equatable, Hashable, Sendable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    private init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    package static let success = Self(0)
    package static let unimplemented = Self(-4)
    package static let diskFull = Self(-34)
    package static let io = Self(-36)
    package static let openForWriting = Self(-49)
    package static let parameter = Self(-50)
    package static let allocate = Self(-108)
    package static let userCanceled = Self(-128)
    package static let missingEntitlement = Self(-34018)
    package static let notAvailable = Self(-25291)
    package static let readOnly = Self(-25292)
    package static let authFailed = Self(-25293)
    package static let duplicateItem = Self(-25299)
    package static let itemNotFound = Self(-25300)
    package static let interactionNotAllowed = Self(-25308)
    package static let dataTooLarge = Self(-25302)
    package static let interactionRequired = Self(-25315)
    package static let decode = Self(-26275)

    /// What this status means where it is no success and no record was to be written. Only what is known to be lasting is: anything else
    /// may pass, so no record is given up for it.
    var fault: KeychainFault {
        switch self {
        case .interactionNotAllowed: .deviceLocked
        case .missingEntitlement: .missingEntitlement
        case .authFailed, .userCanceled, .interactionRequired: .userNotAuthenticated
        default: .keychainFailed(status: rawValue)
        }
    }

    /// The same where a record was to be written.
    var writeFault: KeychainFault {
        switch self {
        case .diskFull, .io, .openForWriting, .allocate, .readOnly: .storageFailed
        case .dataTooLarge: .recordTooLarge
        default: fault
        }
    }
}
