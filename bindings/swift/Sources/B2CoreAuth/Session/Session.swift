import Foundation

/// The session of a signed-in account: gives access tokens, refreshes them, and signs out.
public final class Session: Sendable {
    private let shared: SharedSession

    private var raw: Raw.Session { shared.raw }

    init(_ shared: SharedSession) {
        self.shared = shared
    }

    /// The host that issued the tokens, with its base path.
    public var host: String { raw.host() }

    /// Where the tokens may go: the host, below its base path. `nil` if nowhere.
    var ownScope: TokenScope? { try? TokenScope(baseUrls: [host]) }

    /// The account's e-mail.
    public var account: String { raw.account() }

    /// The office of this session.
    public var office: Office { Office(raw.office()) }

    /// The host's id of the client, if the host gave one.
    public var clientId: String? { raw.clientId() }

    /// True if both tokens have expired by this device's clock. The user has to sign in again.
    public var isExpired: Bool { raw.isExpired() }

    /// When the access token expires by the host's clock; `nil` if unknown.
    public var accessExpiresAt: Date? { Date(epochSeconds: raw.accessExpiresAtEpochSeconds()) }

    /// When the refresh token expires by the host's clock; `nil` if unknown.
    public var refreshExpiresAt: Date? { Date(epochSeconds: raw.refreshExpiresAtEpochSeconds()) }

    /// The cached access token, if it is usable. It never waits, so it suits code that cannot. If a refresh is due, it starts
    /// one in the background. `nil` is no error: call ``accessToken()``, which refreshes or throws the reason.
    public func cachedAccessToken() -> AccessToken? {
        raw.cachedAccessToken().map(AccessToken.init)
    }

    /// A usable access token. While the cached token is usable, it is returned at once, and a refresh that is due runs in the
    /// background. Once the cached token has expired, the call waits for the refresh, which all callers share. Do not store
    /// the token: ask for it each time.
    ///
    /// A refresh that has begun continues if this task is cancelled.
    public func accessToken() async throws -> AccessToken {
        AccessToken(try await shared.accessToken())
    }

    /// An access token that is valid for at least `minTtl` seconds more, as far as the token's lifetime allows: for work that
    /// takes a while. If the refresh fails and the cached token is still usable, that one is returned.
    public func accessToken(minTtl: TimeInterval) async throws -> AccessToken {
        let seconds = UInt32(exactly: max(minTtl.rounded(.up), 0)) ?? .max
        return AccessToken(
            try await cancellable { try await self.raw.accessTokenWithMinTtl(seconds: seconds, cancel: $0) })
    }

    /// Replaces an access token that was rejected with HTTP 401. Returns a newer token if there is one, and refreshes
    /// otherwise. A token that was issued less than 30 seconds ago, or less than a tenth of its lifetime if that is shorter, is
    /// returned again: a new one would be rejected for the same reason. The store is read first, so a sign-out by another client
    /// or process is seen.
    public func replaceRejectedToken(_ rejected: AccessToken) async throws -> AccessToken {
        AccessToken(try await shared.replaceRejectedToken(rejected.value))
    }

    /// Refreshes the tokens in the background, ahead of their expiry, until its task is cancelled. Returns the reason when the
    /// user has to sign in again: at once when the session is signed out or ends.
    public func autoRefresh() async throws -> AuthError {
        do {
            try await cancellable { try await self.raw.autoRefresh(cancel: $0) }
            return .defect
        } catch let error as AuthError {
            return error
        }
    }

    /// Reads a scanned QR code, and asks the host what it knows of it, where that is possible. Nothing is approved.
    ///
    /// - Parameters:
    ///   - scanned: The text that the scanner saw, whatever it is.
    ///   - source: How it came here. Say it truthfully: the risks that the user is shown depend on it.
    /// - Throws: `AuthError.qr` if it is no sign-in code of this session's host, or cannot be approved any more.
    public func inspectQr(_ scanned: String, source: ScanSource) async throws -> QrRequest {
        let scanned = Data(scanned.utf8)
        return QrRequest(
            try await cancellable { try await self.raw.inspectQr(scanned: scanned, source: source.raw, cancel: $0) })
    }

    /// Waits for the refresh in flight, if there is one, and until this process has given back the locks between processes that it
    /// holds (for 15 seconds at most, if an app's lock does not answer).
    public func waitForRefresh() async throws {
        try await cancellable { try await self.raw.waitForRefresh(cancel: $0) }
    }

    /// Refreshes the tokens now, even if the host has refused a refresh before. If another process has just refreshed them,
    /// its tokens are used. A refresh that has begun continues if this task is cancelled.
    public func refresh() async throws {
        try await cancellable { try await self.raw.refresh(cancel: $0) }
    }

    /// Signs out: removes the tokens and the pending step from the store, then asks the host to revoke the tokens. If the session
    /// was signed out before, the result says ``RevocationStatus/nothingToRevoke``.
    ///
    /// - Throws: ``AuthError/storeUnavailable(cause:)`` if the store cannot be used now. Then nobody is signed out: the session goes on, in
    ///   memory and in the store, and the host is not asked. Call it again when the store can be used.
    @discardableResult
    public func signOut() async throws -> SignedOut {
        SignedOut(try await cancellable { try await self.raw.signOut(cancel: $0) })
    }
}

extension Session: Hashable {
    /// Sessions are equal if they are of the same sign-in, even if they were read from the store at different times. Their tokens
    /// are the same then.
    public static func == (one: Session, other: Session) -> Bool { one.raw == other.raw }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(raw)
    }
}

extension Session: CustomStringConvertible, CustomReflectable {
    public var description: String { "Session(\(office))" }
    public var customMirror: Mirror { Mirror(self, children: ["office": office]) }
}
