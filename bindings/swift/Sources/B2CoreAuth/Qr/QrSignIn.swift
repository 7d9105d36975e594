import B2CoreAuthGenerated
import Foundation

/// A QR sign-in of this display: it gets a code, renews it, and signs in once a phone has approved it.
///
/// It runs from the first read of its ``states`` on, until it has ended, is cancelled, or nothing references it and nobody reads.
/// A reader can stop and another one begin: the code goes on. One that was given up stays given up: tokens that still
/// come are revoked.
public final class QrSignIn: Sendable {
    private let raw: B2CoreAuthGenerated.QrSignIn

    init(_ raw: B2CoreAuthGenerated.QrSignIn) {
        self.raw = raw
    }

    /// The states, from the newest one on. Each reader has its own, and misses none.
    public var states: QrStates { QrStates(raw: raw) }

    /// Hands over an authorization token that came in another way than by the live channel, such as the app's push messages.
    /// It is exchanged for the code that is shown now.
    ///
    /// - Throws: `AuthError.Qr` with `.noCode` if no code is shown, or it has expired.
    public func complete(authorizationToken: String) throws {
        try raw.complete(authorizationToken: authorizationToken)
    }

    /// Ends it: nobody is signed in by it any more, and the ``states`` end.
    public func cancel() {
        raw.cancel()
    }
}

/// The states of a ``QrSignIn``. The sequence ends after the last state, and throws an ``AuthError`` if the sign-in cannot go on,
/// or `CancellationError` when the reader's task is cancelled.
public struct QrStates: AsyncSequence, Sendable {
    public typealias Element = QrState

    let raw: B2CoreAuthGenerated.QrSignIn

    public func makeAsyncIterator() -> Iterator { Iterator(raw: raw.states()) }

    public struct Iterator: AsyncIteratorProtocol, Sendable {
        let raw: B2CoreAuthGenerated.QrStates

        public func next() async throws -> QrState? {
            let raw = raw
            return try await cancellable { try await raw.next(cancel: $0) }.map(QrState.init)
        }
    }
}

/// Where a ``QrSignIn`` is.
public enum QrState: Sendable {
    /// The first code is to be shown.
    case shown(QrCode)
    /// Another code is to be shown; the last one is not usable any more.
    case renewed(QrCode)
    /// The code was approved. It is exchanged now, and must not be shown any more.
    case approved
    /// Whoever scanned the code declined. This is the end.
    case declined
    /// The code must not be shown any more. The next one follows by itself.
    case expired(QrExpiry)
    /// The approval was exchanged, and the session is saved. This is the end.
    case signedIn(Session)
    /// The host has no QR sign-in, or it is switched off. This is the end.
    case notAvailable

    init(_ raw: B2CoreAuthGenerated.QrState) {
        switch raw {
        case .shown(let code): self = .shown(QrCode(raw: code))
        case .renewed(let code): self = .renewed(QrCode(raw: code))
        case .approved: self = .approved
        case .declined: self = .declined
        case .expired(let reason): self = .expired(reason)
        case .signedIn(let session): self = .signedIn(Session(SharedSession(session)))
        case .notAvailable: self = .notAvailable
        }
    }
}

/// A code to show. Whoever is signed in and sees its ``payload`` can approve this sign-in, so printing it shows nothing.
public struct QrCode: Sendable {
    let raw: B2CoreAuthGenerated.QrCode

    /// The text to show as a QR code.
    public var payload: String { raw.payload() }

    /// The id of the sign-in channel, for an app that learns of the approval in a way of its own.
    public var channelId: String { raw.channelId() }

    /// The address of this screen, as the host sees it.
    public var ip: String? { raw.ip() }

    /// Where the host takes this screen to be, by its address.
    public var location: String? { raw.location() }

    /// When the code expires by this device's wall clock. For a countdown use ``timeLeft``.
    public var expiresAt: Date { Date(timeIntervalSince1970: Double(raw.expiresAtEpochSeconds())) }

    /// How long the code may still be shown, in seconds, however the wall clock is set. Zero: hide it.
    public var timeLeft: TimeInterval { Double(raw.timeLeftMillis()) / 1000 }
}
