/// A sign-in that waits for the approval of this device. Show its ``details``, then ``approve()`` or ``decline()``, once.
public final class QrRequest: Sendable {
    private let raw: Raw.QrRequest

    init(_ raw: Raw.QrRequest) {
        self.raw = raw
    }

    /// What to show before the user decides.
    public var details: QrDetails { QrDetails(raw.details()) }

    /// Approves: the other screen is signed in as this account. The user is asked to confirm first, if the client has a
    /// ``UserPresence``. After `.notConfirmed` it can be called again. An approval that was sent is carried out, even if this
    /// task is cancelled.
    ///
    /// - Throws: `AuthError.qr` if the host or the user did not approve.
    public func approve() async throws {
        try await cancellable { try await self.raw.approve(cancel: $0) }
    }

    /// Declines: this request cannot be approved any more. True if the host was notified, so that the other screen can say so;
    /// false if the host has no call for it, and the code expires by itself.
    @discardableResult
    public func decline() async throws -> Bool {
        try await cancellable { try await self.raw.decline(cancel: $0) }
    }
}

extension QrRequest: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: []) }
}
