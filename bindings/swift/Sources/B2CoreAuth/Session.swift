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
    public var hasEnded: Bool { raw.hasEnded() }

    /// The access token's end by the host's clock, if told.
    public var accessExpiresAt: Date? { Date(epochSeconds: raw.accessExpiresAtEpochSeconds()) }

    /// The refresh token's end by the host's clock, if told.
    public var refreshExpiresAt: Date? { Date(epochSeconds: raw.refreshExpiresAtEpochSeconds()) }

    /// A token that can be used now; one that is about to end is renewed first. Do not keep it: ask again.
    ///
    /// A renewal that has begun goes on if this task is cancelled.
    public func accessToken() async throws -> AccessToken {
        AccessToken(try await cancellable { try await self.raw.accessToken(cancel: $0) })
    }

    /// Renews the tokens now.
    public func refresh() async throws {
        try await cancellable { try await self.raw.refresh(cancel: $0) }
    }

    /// Signs out: tokens and pending step are removed here first, then the host is told.
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
