/// Whether the host and the store could be reached when they were last needed.
public enum Health: String, CaseIterable, Codable, Hashable, Sendable {
    /// Nothing failed.
    case healthy
    /// The host could not be reached, or failed: a token that expires now cannot be refreshed.
    case hostUnavailable = "host_unavailable"
    /// The store could not be read or written: nothing can be refreshed or saved.
    case storeUnavailable = "store_unavailable"
}

extension Health {
    init(_ raw: Raw.Health) {
        self =
            switch raw {
            case .healthy: .healthy
            case .hostUnavailable: .hostUnavailable
            case .storeUnavailable: .storeUnavailable
            }
    }
}
