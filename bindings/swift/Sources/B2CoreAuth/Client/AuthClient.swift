import Foundation

/// Signs in to one host, for one profile, at both offices.
///
/// ```swift
/// let client = try AuthClient(host: "https://broker.example", store: .custom(myStore))
/// ```
///
/// Every asynchronous call throws `CancellationError` when its task is cancelled. All other errors are an ``AuthError``.
public final class AuthClient: Sendable {
    private let raw: Raw.AuthClient
    private let sessions: SingleFlight<Office, SharedSession?>

    /// Makes a client. It opens no store and sends nothing.
    ///
    /// - Parameters:
    ///   - host: Such as `https://broker.example`. Plain `http` is accepted for this machine only.
    ///   - profile: The name of the profile, for several accounts in one store.
    ///   - userAgent: The app's name and version.
    ///   - deviceFacts: Further facts of the device fingerprint, such as `timezone`. Give the same facts at every start.
    ///   - language: The language of the host's messages, such as `ja`.
    ///   - timeout: The timeout of a whole request, in seconds, rounded up to whole seconds. It has to be more than none.
    ///   - limits: The host's attempt limits, if its administrator has changed the vendor's.
    ///   - store: Where sessions and pending steps are stored.
    ///   - transport: What sends the requests.
    ///   - certificatePins: The keys that the host's certificate may lead to, for the HTTP client that is built in; `nil` for no pins. A
    ///     transport of the app's own keeps its pins itself: both together are refused. A live channel at another host is not pinned.
    ///   - approvalChannel: How a display learns that its QR code was approved.
    ///   - userPresence: Who makes sure that it is the user who approves a QR sign-in; `nil` for nobody.
    ///   - qrOptions: What is assumed about the host's QR sign-in, where the defaults do not fit: such as `channel` or `event`.
    ///   - testClock: A clock that a test moves; `nil` for the device's clocks.
    /// - Throws: ``AuthError/setup(problem:)`` if the host or another setting cannot be used.
    public init(
        host: String,
        profile: String? = nil,
        userAgent: String? = nil,
        deviceFacts: [String: String] = [:],
        language: String? = nil,
        timeout: TimeInterval = 30,
        limits: AttemptLimits? = nil,
        store: StoreChoice,
        transport: TransportChoice = .bundled,
        certificatePins: CertificatePins? = nil,
        approvalChannel: ChannelChoice = .bundled,
        userPresence: (any UserPresence)? = nil,
        qrOptions: [String: String] = [:],
        testClock: TestClock? = nil
    ) throws(AuthError) {
        BrokenPipes.ignore()
        guard timeout > 0, let seconds = UInt32(exactly: timeout.rounded(.up)) else {
            throw AuthError.setup(problem: "the timeout is not a number of seconds above zero")
        }
        let limits = try limits.map { limits throws(AuthError) in try limits.raw() }
        let config = Raw.ClientConfig(
            host: host, profile: profile, userAgent: userAgent, deviceFacts: deviceFacts, language: language,
            timeoutSeconds: seconds, limits: limits, qrOptions: qrOptions,
            certificatePins: certificatePins?.raw)
        let store = try store.raw()
        let raw = try checked {
            try Raw.AuthClient(
                config: config, store: store, transport: transport.raw, channel: approvalChannel.raw,
                presence: userPresence.map(UserPresenceAdapter.init), clock: testClock?.raw)
        }
        self.raw = raw
        sessions = SingleFlight(.beforeItBegins) { office in
            try await translated { try await raw.session(office: office.raw, cancel: nil) }.map(SharedSession.init)
        }
    }

    /// Begins a new sign-in. Nothing is sent yet. A stored session stays as it is until this sign-in has succeeded.
    public func signIn(_ office: Office) -> SignIn {
        SignIn(raw.signIn(office: office.raw))
    }

    /// A QR sign-in of this display, at the front office. Nothing is sent until its states are read. A stored session stays as
    /// it is until it has succeeded.
    public func qrSignIn() -> QrSignIn {
        QrSignIn(raw.qrSignIn())
    }

    /// The pending sign-in from the store, perhaps of an earlier process; `nil` if there is none.
    public func resumeSignIn(_ office: Office) async throws -> SignIn? {
        try await cancellable { try await self.raw.resumeSignIn(office: office.raw, cancel: $0) }.map(SignIn.init)
    }

    /// The stored session; `nil` if nobody is signed in. Nothing is sent.
    public func session(_ office: Office) async throws -> Session? {
        try await sessions(office).map(Session.init)
    }

    /// The changes of the authentication state, each with its reason. Each call returns a stream of its own, for one reader,
    /// which first gets the current state, read from the store. A slow reader gets the newest state only. The stream ends
    /// when the reader's task is cancelled.
    public func authStateChanges(_ office: Office) -> AsyncStream<StateChange> {
        let (changes, token) = (raw.authStateChanges(office: office.raw), Raw.CancelToken())
        return AsyncStream {
            // Only a cancel throws.
            (try? await changes.next(cancel: token)).map(StateChange.init)
        } onCancel: {
            token.cancel()
        }
    }

    /// The accounts that have records in the store, of every profile, host and office, in no order.
    public func accounts() async throws -> [AccountKey] {
        try await cancellable { try await self.raw.accounts(cancel: $0) }.map(AccountKey.init)
    }

    /// Sends the revocations that could not be sent when the user signed out: call it when the app starts, for example. A
    /// refresh and a sign-out do so too.
    @discardableResult
    public func deliverPendingRevocations(_ office: Office) async throws -> PendingRevocations {
        PendingRevocations(
            try await cancellable { try await self.raw.deliverPendingRevocations(office: office.raw, cancel: $0) })
    }

    /// Call it when the device has another network: the next request is sent at once, even after attempts that found the host
    /// unreachable and would make it wait for a few seconds.
    public func networkChanged() {
        raw.networkChanged()
    }

    /// Waits for all refreshes in flight, and until this process has given back the locks between processes that it holds (for 15
    /// seconds at most, if an app's lock does not answer). Call it before the program ends or is suspended, so that no refresh is cut
    /// off and no lock is held meanwhile.
    public func waitForRefresh() async throws {
        try await cancellable { try await self.raw.waitForRefresh(cancel: $0) }
    }

    /// Signs out: removes the tokens and the pending step from the store, then asks the host to revoke the tokens. Sign-ins that
    /// were begun before are abandoned. If nobody is signed in, the result says ``RevocationStatus/nothingToRevoke``.
    ///
    /// - Throws: ``AuthError/storeUnavailable(cause:)`` if the store cannot be used now. Then nobody is signed out: the session goes on, in
    ///   memory and in the store, and the host is not asked. Call it again when the store can be used.
    @discardableResult
    public func signOut(_ office: Office) async throws -> SignedOut {
        SignedOut(try await cancellable { try await self.raw.signOut(office: office.raw, cancel: $0) })
    }
}

extension AuthClient: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: []) }
}
