import Foundation

/// What a ``SessionStore`` throws to the library; or a ``StoreFailure``, which says why too. A user gets an ``AuthError``.
public enum StoreError: String, Error, CaseIterable, Codable, Hashable, Sendable {
    /// Not now: try again later.
    case unavailable
    /// The store failed.
    case failed
}

extension StoreError {
    /// With the number of what was thrown, if it is kept.
    func raw(thrown: Int64? = nil) -> Raw.StoreError {
        switch self {
        case .unavailable: .Unavailable(thrown: thrown)
        case .failed: .Failed(thrown: thrown)
        }
    }
}

extension StoreError: LocalizedError, CustomStringConvertible, CustomDebugStringConvertible {
    /// A sentence in English, for a log.
    public var description: String { raw().description }
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

/// What a ``SessionStore`` throws to say why it cannot be used now, or has failed. It prints as its ``error``; what lies behind it becomes
/// the ``AuthError/underlyingError`` of the caller's error.
public struct StoreFailure: Error, Sendable {
    /// What it is to the library.
    public let error: StoreError

    /// What lies behind it.
    public let underlyingError: any Error

    /// A failure with what lies behind it.
    public init(_ error: StoreError, because underlyingError: any Error) {
        (self.error, self.underlyingError) = (error, underlyingError)
    }
}

extension StoreFailure: LocalizedError, CustomNSError, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { error.description }
    public var debugDescription: String { description }
    public var errorDescription: String? { description }
    public var customMirror: Mirror { Mirror(self, children: ["error": error]) }

    /// That of ``StoreError``.
    public static var errorDomain: String { StoreError.errorDomain }

    /// That of the ``error``.
    public var errorCode: Int { error.errorCode }

    public var errorUserInfo: [String: Any] { error.errorUserInfo }
}
