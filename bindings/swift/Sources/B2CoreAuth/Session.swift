import B2CoreAuthGenerated
import Foundation

/// A signed-in account: its token, and the way out.
public final class Session: Sendable {
    private let raw: B2CoreAuthGenerated.Session

    init(_ raw: B2CoreAuthGenerated.Session) {
        self.raw = raw
    }

    /// The e-mail that signed in.
    public var account: String { raw.account() }

    /// The office that was signed in to.
    public var office: Office { raw.office() }

    /// The host's id of the client, where it told.
    public var clientId: String? { raw.clientId() }

    /// True if both tokens are past their time by this device's clock: only a new sign-in helps.
    public var isExpired: Bool { raw.isExpired() }

    /// The access token's end by the host's clock, if told.
    public var accessExpiresAt: Date? { Date(epochSeconds: raw.accessExpiresAtEpochSeconds()) }

    /// The refresh token's end by the host's clock, if told.
    public var refreshExpiresAt: Date? { Date(epochSeconds: raw.refreshExpiresAtEpochSeconds()) }

    /// The access token if it can be used now, without a wait: for code that cannot wait. A refresh that is due begins
    /// meanwhile. `nil` is no error: ``accessToken()`` refreshes, or says what is the matter.
    public func cachedAccessToken() -> AccessToken? {
        raw.cachedAccessToken().map(AccessToken.init)
    }

    /// A token that can be used now. While the old one serves it is given at once, and a refresh that is due goes on in the
    /// background; once it is over the refresh is waited for, and many callers share one. Do not keep it: ask again.
    ///
    /// A refresh that has begun goes on if this task is cancelled.
    public func accessToken() async throws -> AccessToken {
        AccessToken(try await cancellable { try await self.raw.accessToken(cancel: $0) })
    }

    /// A token with so many seconds left, as far as its life allows: for work that takes a while. Where the refresh fails
    /// and the old token still serves, that one is given.
    public func accessToken(lasting seconds: TimeInterval) async throws -> AccessToken {
        let seconds = UInt32(exactly: max(seconds.rounded(.up), 0)) ?? .max
        return AccessToken(
            try await cancellable { try await self.raw.accessTokenWithMinTtl(seconds: seconds, cancel: $0) })
    }

    /// For a token that the host has refused (HTTP 401): gives one that was refreshed meanwhile, or refreshes. If it gives the
    /// refused token again, that one has just come from the host, and another one would be refused too.
    public func token(insteadOf refused: AccessToken) async throws -> AccessToken {
        AccessToken(
            try await cancellable { try await self.raw.replaceRejectedToken(refused: refused.value, cancel: $0) })
    }

    /// Keeps the token fresh until its task is cancelled, with nobody asking for it. Returns when nothing but a new sign-in
    /// helps, and says why.
    public func autoRefresh() async throws -> AuthError {
        do {
            try await cancellable { try await self.raw.autoRefresh(cancel: $0) }
        } catch let error as AuthError {
            return error
        }
        preconditionFailure("a session is kept fresh until it is over")
    }

    /// Waits for a refresh under way, if there is one.
    public func waitForRefresh() async throws {
        try await cancellable { try await self.raw.waitForRefresh(cancel: $0) }
    }

    /// Refreshes the tokens now, also where the host has refused before. If somebody else has just done so, that pair is taken
    /// over. A refresh that has begun goes on if this task is cancelled.
    public func refresh() async throws {
        try await cancellable { try await self.raw.refresh(cancel: $0) }
    }

    /// Signs out: tokens and pending step are removed here first, then the host is notified.
    @discardableResult
    public func signOut() async throws -> SignedOut {
        try await cancellable { try await self.raw.signOut(cancel: $0) }
    }
}

extension Date {
    fileprivate init?(epochSeconds: Int64?) {
        guard let epochSeconds else { return nil }
        self.init(timeIntervalSince1970: Double(epochSeconds))
    }
}
