import B2CoreAuthGenerated
import Foundation

/// Signs in to one host, for one profile, at both offices.
///
/// ```swift
/// let client = try AuthClient(host: "https://broker.example", store: .custom(store: myStore))
/// ```
///
/// Every call that waits ends with `CancellationError` when its task is cancelled; everything else that goes wrong
/// is an ``AuthError``.
public final class AuthClient: Sendable {
    private let raw: B2CoreAuthGenerated.AuthClient

    /// Makes a client. Nothing is opened or sent yet.
    ///
    /// - Parameters:
    ///   - host: Such as `https://broker.example`. Plain `http` for this machine only.
    ///   - profile: Which of several accounts kept side by side.
    ///   - userAgent: The app's name and version.
    ///   - deviceFacts: More info of the device fingerprint, such as `timezone`. Give the same ones at every start.
    ///   - language: The language of the host's own texts, such as `ja`.
    ///   - timeout: The time for a whole request, in seconds; a part of a second counts as a whole one.
    ///   - limits: The host's limits of attempts, where its administrator has changed the vendor's.
    ///   - store: Where sessions and pending steps are kept.
    ///   - transport: What carries the requests.
    /// - Throws: `AuthError.Setup` if these make no client.
    public init(
        host: String,
        profile: String? = nil,
        userAgent: String? = nil,
        deviceFacts: [String: String] = [:],
        language: String? = nil,
        timeout: TimeInterval = 30,
        limits: AttemptLimits? = nil,
        store: StoreChoice,
        transport: TransportChoice = .bundled
    ) throws {
        guard let seconds = UInt32(exactly: timeout.rounded(.up)) else {
            throw AuthError.Setup(problem: "the timeout is no number of seconds")
        }
        let config = ClientConfig(
            host: host, profile: profile, userAgent: userAgent, deviceFacts: deviceFacts, language: language,
            timeoutSeconds: seconds, limits: limits)
        raw = try B2CoreAuthGenerated.AuthClient(config: config, store: store, transport: transport)
    }

    /// A new sign-in, at its first step. Nothing is sent yet, and an existing session is left alone until this one has
    /// succeeded.
    public func signIn(_ office: Office) -> SignIn {
        SignIn(raw.signIn(office: office))
    }

    /// The sign-in that waits for its user, perhaps since a process that is gone; `nil` if there is none.
    public func resumeSignIn(_ office: Office) async throws -> SignIn? {
        try await cancellable { try await self.raw.resumeSignIn(office: office, cancel: $0) }.map(SignIn.init)
    }

    /// The session that is kept; `nil` if nobody is signed in. Nothing is sent.
    public func session(_ office: Office) async throws -> Session? {
        try await cancellable { try await self.raw.session(office: office, cancel: $0) }.map(Session.init)
    }

    /// Who is signed in: first what the store says, then each change with its reason. Each call gives a stream of its own,
    /// for one reader. A slow one gets the newest state only; when its task is cancelled the stream ends.
    public func authStateChanges(_ office: Office) -> AsyncStream<StateChange> {
        let (states, token) = (raw.authStateChanges(office: office), CancelToken())
        return AsyncStream {
            // Nothing but the cancel is ever thrown.
            try? await states.next(cancel: token)
        } onCancel: {
            token.cancel()
        }
    }

    /// The accounts that the store knows of, in no order: of every profile, host and office.
    public func accounts() async throws -> [AccountKey] {
        try await cancellable { try await self.raw.accounts(cancel: $0) }
    }

    /// Tells the host of sign-outs that it could not be told of when they were made: when an app starts, say. A refresh and
    /// a sign-out do so by themselves.
    @discardableResult
    public func deliverPendingRevocations(_ office: Office) async throws -> PendingRevocations {
        try await cancellable { try await self.raw.deliverPendingRevocations(office: office, cancel: $0) }
    }

    /// Waits for refreshes under way: before a program ends, so that it does not end in the middle of one.
    public func waitForRefresh() async throws {
        try await cancellable { try await self.raw.waitForRefresh(cancel: $0) }
    }

    /// Signs out: tokens and pending step are removed here first, then the host is notified.
    @discardableResult
    public func signOut(_ office: Office) async throws -> SignedOut {
        try await cancellable { try await self.raw.signOut(office: office, cancel: $0) }
    }
}
