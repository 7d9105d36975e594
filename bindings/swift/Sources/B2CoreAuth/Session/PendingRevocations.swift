/// The result of sending the pending revocations.
public struct PendingRevocations: Hashable, Sendable {
    /// How many were sent, or are not needed any more because the tokens have expired.
    public let delivered: Int

    /// How many are still pending.
    public let pending: Int

    /// The code of the error that prevented the rest, such as `unreachable`; `nil` if there was none.
    public let cause: String?

    /// How many were abandoned since this was last asked: nothing more can be sent for them, and the host has not confirmed.
    /// Their tokens may stay valid until they expire.
    public let abandoned: Int

    /// A result, such as for a test.
    public init(delivered: Int, pending: Int, cause: String? = nil, abandoned: Int = 0) {
        (self.delivered, self.pending, self.cause, self.abandoned) = (delivered, pending, cause, abandoned)
    }
}

extension PendingRevocations {
    init(_ raw: Raw.PendingRevocations) {
        self.init(
            delivered: Int(raw.delivered), pending: Int(raw.pending), cause: raw.cause, abandoned: Int(raw.abandoned))
    }
}
