import B2CoreAuth
internal import B2CoreAuthSandboxGenerated
import Foundation

/// A B2Core-compatible host in the test's process: a real HTTP server on a free port of 127.0.0.1. Any number can run at the same
/// time.
///
/// ```swift
/// let sandbox = try Sandbox()
/// let session = try await sandbox.signIn(sandbox.client(), as: Sandbox.totp)
/// ```
///
/// Nothing it issues is worth anything: its signing key is public. Nothing here prints a secret; the calls that are there for codes
/// and secrets return them.
///
/// It ends with ``stop()``, or when nothing references it any more. What it has recorded can be read after ``stop()``.
public final class Sandbox: Sendable {
    /// The clock of the clients from ``client(store:profile:userAgent:language:timeout:limits:transport:approvalChannel:userPresence:qrOptions:)``.
    /// Moving it by itself makes the device's clock wrong; ``advance(by:)`` moves the time of both sides.
    public let clock = TestClock()

    /// The host, such as `http://127.0.0.1:40123`, with the base path if there is one.
    public let host: String

    let raw: B2CoreAuthSandboxGenerated.Sandbox
    let passwords: Passwords

    /// Starts one.
    ///
    /// - Throws: ``SandboxError`` if a setting cannot be used.
    public init(_ settings: SandboxSettings = SandboxSettings()) throws(SandboxError) {
        BrokenPipes.ignore()
        raw = try settings.start()
        host = raw.url()
        passwords = Passwords(settings.users)
    }

    /// Starts one: `try Sandbox { $0.accessLifetime = 300 }`.
    ///
    /// - Throws: ``SandboxError`` if a setting cannot be used.
    public convenience init(_ configure: (inout SandboxSettings) -> Void) throws(SandboxError) {
        var settings = SandboxSettings()
        configure(&settings)
        try self.init(settings)
    }

    /// A resource behind the token: `GET` answers 200 and the user's e-mail in JSON to a good access token, 401 to others. It is not
    /// among the ``requests``, and no fault touches it.
    public var protectedUrl: URL {
        guard let url = URL(string: host + "/_sandbox/whoami") else { preconditionFailure("the host is a URL") }
        return url
    }

    /// The certificate to trust under TLS, as PEM; `nil` without TLS.
    public var caPem: String? { raw.caPem() }

    /// Who can sign in.
    public var users: [SandboxUser] { raw.users().map(SandboxUser.init) }

    /// All messages with codes so far, oldest first.
    public var outbox: [SandboxMessage] { raw.outbox().map(SandboxMessage.init) }

    /// All requests so far, oldest first. The newest 10,000 are kept.
    public var requests: [SandboxRequest] { raw.requests().map(SandboxRequest.init) }

    /// How many requests came for a path that ends so, such as `/refresh`.
    public func requestCount(to pathSuffix: String) -> Int {
        raw.requests().filter { $0.path.hasSuffix(pathSuffix) }.count
    }

    /// The faults that are set, those that are used up too, oldest first.
    public var faults: [SandboxFault] { raw.faults().map(SandboxFault.init) }

    /// The sandbox's time.
    public var now: Date { raw.now() }

    /// How many sign-ins still have a good token: to see whether a sign-out has revoked everything.
    public var unrevokedSessions: Int { Int(raw.unrevokedSessions()) }

    /// The e-mail of whom this access token belongs to; `nil` if it is not good any more.
    public func owner(of token: AccessToken) -> String? { owner(of: token.value) }

    /// The same.
    public func owner(of token: String) -> String? { raw.ownerOf(accessToken: token) }

    /// The newest code that was sent to this user, by SMS or mail; `nil` if there is none.
    public func lastCode(_ email: String) -> String? { raw.lastCode(to: email) }

    /// A code of this user's authenticator that is accepted now, by the sandbox's clock, and once; `nil` without one.
    public func totpCode(_ email: String) -> String? { raw.totpCode(email: email) }

    /// The secret of this user's authenticator in base32; `nil` without one.
    public func totpSecret(_ email: String) -> String? { raw.totpSecret(email: email) }

    /// A code that is wrong for this user, whatever the second factor.
    public func wrongCode(_ email: String) -> String { raw.wrongCode(email: email) }

    /// A client of this host on this sandbox's ``clock``: another device, unless it is given the store of one before. The other
    /// settings are those of `AuthClient`.
    ///
    /// - Throws: `AuthError.setup(problem:)` if a setting cannot be used.
    public func client(
        store: StoreChoice = .memory, profile: String? = nil, userAgent: String? = nil, language: String? = nil,
        timeout: TimeInterval = 30, limits: AttemptLimits? = nil, transport: TransportChoice = .bundled,
        approvalChannel: ChannelChoice = .bundled, userPresence: (any UserPresence)? = nil,
        qrOptions: [String: String] = [:]
    ) throws(AuthError) -> AuthClient {
        try AuthClient(
            host: host, profile: profile, userAgent: userAgent, language: language, timeout: timeout, limits: limits,
            store: store, transport: transport, approvalChannel: approvalChannel, userPresence: userPresence,
            qrOptions: qrOptions, testClock: clock)
    }

    /// Stops serving and closes all connections. What was recorded can still be read.
    public func stop() { raw.stop() }
}

extension Sandbox: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "Sandbox(\(host))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["host": host]) }
}
