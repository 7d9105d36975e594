import B2CoreAuth

extension StateChange {
    /// A change while host and store can be reached.
    init(state: AuthState, reason: StateReason) {
        self.init(state: state, reason: reason, health: .healthy)
    }
}
