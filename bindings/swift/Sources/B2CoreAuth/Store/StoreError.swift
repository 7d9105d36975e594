import Foundation

/// What a ``SessionStore`` throws to the library. A user gets an ``AuthError``.
public enum StoreError: String, Error, CaseIterable, Codable, Hashable, Sendable {
    /// Not now: try again later.
    case unavailable
    /// The store failed.
    case failed
}

extension StoreError {
    var raw: Raw.StoreError {
        switch self {
        case .unavailable: .Unavailable
        case .failed: .Failed
        }
    }
}

extension StoreError: LocalizedError, CustomStringConvertible, CustomDebugStringConvertible {
    /// A sentence in English, for a log.
    public var description: String { raw.description }
    public var debugDescription: String { description }
    public var errorDescription: String? { description }
}

extension StoreError: CustomNSError {
    /// `B2CoreAuth.StoreError`.
    public static var errorDomain: String { "B2CoreAuth.StoreError" }

    /// A number of its own for each case, which never changes its meaning.
    public var errorCode: Int {
        switch self {
        case .unavailable: 1
        case .failed: 2
        }
    }

    public var errorUserInfo: [String: Any] { [NSLocalizedDescriptionKey: description] }
}
