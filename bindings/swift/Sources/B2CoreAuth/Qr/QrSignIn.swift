/// A QR sign-in of this display: it gets a code, renews it, and signs in once a phone has approved it.
///
/// It runs from the first read of its ``states`` on, until it has ended, is cancelled, or nothing references it and nobody reads.
/// A reader can stop and another one begin: the code goes on. One that was given up stays given up: tokens that still
/// come are revoked.
public final class QrSignIn: Sendable {
    private let raw: Raw.QrSignIn

    init(_ raw: Raw.QrSignIn) {
        self.raw = raw
    }

    /// The states, from the newest one on. Each reader has its own, and misses none.
    public var states: QrStates { QrStates(raw: raw) }

    /// Hands over an authorization token that came in another way than by the live channel, such as the app's push messages.
    /// It is exchanged for the code that is shown now.
    ///
    /// - Throws: `AuthError.qr` with `.noCode` if no code is shown, or it has expired.
    public func complete(authorizationToken: String) throws(AuthError) {
        try checked { try raw.complete(authorizationToken: authorizationToken) }
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

    let raw: Raw.QrSignIn

    public func makeAsyncIterator() -> Iterator { Iterator(raw: raw.states()) }

    public struct Iterator: AsyncIteratorProtocol, Sendable {
        let raw: Raw.QrStates

        public func next() async throws -> QrState? {
            let raw = raw
            return try await cancellable { try await raw.next(cancel: $0) }.map(QrState.init)
        }
    }
}

extension QrSignIn: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension QrStates: CustomStringConvertible, CustomReflectable {
    public var description: String { "QrStates" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension QrStates.Iterator: CustomStringConvertible, CustomReflectable {
    public var description: String { "QrStates.Iterator" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
