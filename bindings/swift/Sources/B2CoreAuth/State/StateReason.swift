/// The reason of a ``StateChange``.
public enum StateReason: String, CaseIterable, Codable, Hashable, Sendable {
    /// Read from the store.
    case stored
    /// A sign-in succeeded in this process.
    case signedIn = "signed_in"
    /// The tokens were refreshed in this process.
    case refreshed
    /// Another process refreshed the tokens, signed in, or replaced the session.
    case changedElsewhere = "changed_elsewhere"
    /// This process signed out.
    case signedOut = "signed_out"
    /// Another process signed out.
    case signedOutElsewhere = "signed_out_elsewhere"
    /// The host has ended the session.
    case endedByHost = "ended_by_host"
    /// The refresh token has expired.
    case expired
    /// The host refused to refresh the session, but did not say that the session has ended.
    case refused
    /// The store could not be read or written.
    case storeUnavailable = "store_unavailable"
    /// The host could not be reached, or failed, when the tokens were to be refreshed. The session is kept.
    case hostUnavailable = "host_unavailable"
    /// The host or the store answers again.
    case recovered
}

extension StateReason {
    init(_ raw: Raw.StateReason) {
        self =
            switch raw {
            case .stored: .stored
            case .signedIn: .signedIn
            case .refreshed: .refreshed
            case .changedElsewhere: .changedElsewhere
            case .signedOut: .signedOut
            case .signedOutElsewhere: .signedOutElsewhere
            case .endedByHost: .endedByHost
            case .expired: .expired
            case .refused: .refused
            case .storeUnavailable: .storeUnavailable
            case .hostUnavailable: .hostUnavailable
            case .recovered: .recovered
            }
    }
}
