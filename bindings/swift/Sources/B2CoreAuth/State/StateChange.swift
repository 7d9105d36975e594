/// The new state, its reason, and whether host and store can be reached.
public struct StateChange: Hashable, Sendable {
    /// The new state.
    public let state: AuthState

    /// Its reason.
    public let reason: StateReason

    /// Whether the host and the store could be reached when they were last needed.
    public let health: Health

    /// A change, such as for a preview or a test of a view.
    public init(state: AuthState, reason: StateReason, health: Health = .healthy) {
        (self.state, self.reason, self.health) = (state, reason, health)
    }
}

extension StateChange {
    init(_ raw: Raw.StateChange) {
        self.init(state: AuthState(raw.state), reason: StateReason(raw.reason), health: Health(raw.health))
    }
}
