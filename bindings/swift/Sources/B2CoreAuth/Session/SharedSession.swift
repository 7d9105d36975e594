/// A native session and its calls in flight, which several ``Session``s share.
final class SharedSession: Sendable {
    let raw: Raw.Session

    /// The key is the rejected token: any other token is newer than the rejection. `nil` asks for any usable token. That is
    /// called only if there is no usable cached token, so there is none while the call is in flight.
    private let tokens: SingleFlight<String?, String>

    init(_ raw: Raw.Session) {
        self.raw = raw
        tokens = SingleFlight(.whileItRuns) { rejected in
            guard let rejected else { return try await translated { try await raw.accessToken(cancel: nil) } }
            return try await translated { try await raw.replaceRejectedToken(rejected: rejected, cancel: nil) }
        }
    }

    func accessToken() async throws -> String {
        try Task.checkCancellation()
        if let refreshed = try await tokens.joinInFlight(nil) { return refreshed }
        if let cached = raw.cachedAccessToken() { return cached }
        return try await tokens(nil)
    }

    func replaceRejectedToken(_ rejected: String) async throws -> String {
        try await tokens(rejected)
    }
}
