import Foundation

/// The keys of which one has to be in the host's chain of certificates: the SHA-256 of each `SubjectPublicKeyInfo`. They only ever narrow:
/// the certificate is first checked as without pins.
///
/// Two different pins are needed at least, one of a key that is kept in reserve: otherwise nobody could connect on the day on which the
/// host has to change its key. The HTTP client that is built in takes them by ``AuthClient``'s `certificatePins`, ``URLSessionTransport`` by
/// an initializer of its own. What they refuse is ``NetworkProblem/pinMismatch``.
public struct CertificatePins: Sendable {
    /// What becomes of pins that have expired.
    public enum AfterExpiry: String, CaseIterable, Codable, Hashable, Sendable {
        /// They are ignored: the host's certificate is checked as without pins. An app that is not updated keeps working.
        case ignore
        /// The host is refused until the app has newer pins.
        case refuse
    }

    /// Whether pins hold at a point in time.
    public enum State: String, CaseIterable, Codable, Hashable, Sendable {
        /// One of the pinned keys has to be in the chain.
        case inForce = "in_force"
        /// They have expired and count for nothing.
        case ignored
        /// They have expired, and no certificate is accepted.
        case refused
    }

    let raw: Raw.CertificatePins

    /// - Parameters:
    ///   - pins: Such as `sha256/BASE64`, as OkHttp writes them, or `sha256//BASE64`, as curl does. They are no secrets.
    ///   - expiresAt: When they stop holding, in whole seconds; `nil` for never. An app that is not updated meets a host that has changed
    ///     its keys.
    ///   - afterExpiry: What becomes of them then.
    /// - Throws: ``AuthError/setup(problem:)`` if a text is no pin, or if there are fewer than two different ones.
    public init(_ pins: [String], expiresAt: Date? = nil, afterExpiry: AfterExpiry = .ignore) throws(AuthError) {
        let seconds = expiresAt.map(CertificatePins.epochSeconds)
        raw = try checked {
            try Raw.CertificatePins(pins: pins, expiresAtEpochSeconds: seconds, afterExpiry: afterExpiry.raw)
        }
    }

    /// The pins, as OkHttp writes them.
    public var pins: [String] { raw.pins() }

    /// Whether they hold at this time.
    public func state(at now: Date = Date()) -> State {
        State(raw.at(epochSeconds: CertificatePins.epochSeconds(now)))
    }

    /// True if this is the SHA-256 of one of the keys. It says nothing of whether the certificate is to be trusted.
    public func contains(sha256: Data) -> Bool {
        raw.contains(sha256: sha256)
    }

    private static func epochSeconds(_ date: Date) -> Int64 {
        Int64(exactly: date.timeIntervalSince1970.rounded(.down)) ?? (date < Date() ? .min : .max)
    }
}

extension CertificatePins.AfterExpiry {
    var raw: Raw.AfterExpiry {
        switch self {
        case .ignore: .ignore
        case .refuse: .refuse
        }
    }
}

extension CertificatePins.State {
    init(_ raw: Raw.PinsNow) {
        self =
            switch raw {
            case .inForce: .inForce
            case .ignored: .ignored
            case .refused: .refused
            }
    }
}

extension CertificatePins: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "CertificatePins(\(pins.joined(separator: ", ")))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["pins": pins]) }
}
