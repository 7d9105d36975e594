internal import B2CoreAuthSandboxGenerated
import Foundation

/// The settings of a ``Sandbox`` before it starts. All have a default. It prints without its users.
public struct SandboxSettings: Sendable {
    /// A TOML text of `[[user]]` tables in place of the built-in users; `nil` for these.
    public var usersToml: String?
    /// Further users.
    public var users: [NewUser] = []
    /// How the host speaks: a preset and any switches, such as `reference,no_token=array`.
    public var dialect = "reference"
    /// How many attempts are allowed; `nil`, the default, for any number. `SandboxLimits()` has the vendor's.
    public var limits: SandboxLimits?
    /// What goes wrong from the start on: see ``Sandbox/fault(_:)``.
    public var faults: [String] = []
    /// Whether a front-office sign-in needs a reCAPTCHA response: anything but an empty text and `bad` is accepted.
    public var recaptcha = false
    /// Whether the host says that a forgotten password can be recovered.
    public var passwordRecoveryAvailable = true
    /// Whether there is QR sign-in.
    public var qrAvailable = true
    /// How long a QR code lives, in seconds.
    public var qrLifetime: TimeInterval = 2 * 60
    /// How the host writes that: `number` (of minutes, rounded up), `text`, `fraction` or `missing`.
    public var qrLifetimeForm = "number"
    /// Where the host takes every display to be; `nil` for unknown.
    public var qrLocation: String?
    /// Whether the live channel of QR sign-in is polling only: no WebSocket.
    public var pollingOnly = false
    /// A path before every endpoint, such as `/broker`.
    public var basePath = ""
    /// How long access tokens live, in whole seconds.
    public var accessLifetime: TimeInterval = 15 * 60
    /// How long refresh tokens live, in whole seconds.
    public var refreshLifetime: TimeInterval = 60 * 60
    /// How long after it was spent a refresh token still gives a new pair, in seconds. Zero: not at all, it ends the session.
    public var refreshGrace: TimeInterval = 0
    /// How long a sign-in may take from its start, and a sent code lives, in seconds.
    public var signInLifetime: TimeInterval = 10 * 60
    /// HTTPS, with a certificate for this machine and for ``tlsNames`` that ``Sandbox/caPem`` is the root of. The client's own HTTP
    /// stack trusts the system's roots only: give the client a transport that trusts this one.
    public var tls = false
    /// Further host names for the certificate. A name may begin with `*.`.
    public var tlsNames: [String] = []

    /// The defaults.
    public init() {}

    /// Starts a native sandbox.
    func start() throws(SandboxError) -> B2CoreAuthSandboxGenerated.Sandbox {
        let times = [qrLifetime, accessLifetime, refreshLifetime, refreshGrace, signInLifetime]
        guard times.allSatisfy(isSeconds) else { throw .setting("a lifetime is a number of seconds from 0 up") }
        let config = B2CoreAuthSandboxGenerated.SandboxConfig(
            usersToml: usersToml, users: users.map(\.raw), dialect: dialect, limits: try limits?.raw(), faults: faults,
            recaptcha: recaptcha, passwordRecoveryAvailable: passwordRecoveryAvailable, qrAvailable: qrAvailable,
            qrLifetime: qrLifetime, qrLifetimeForm: qrLifetimeForm, qrLocation: qrLocation, pollingOnly: pollingOnly,
            basePath: basePath, accessLifetime: accessLifetime, refreshLifetime: refreshLifetime,
            refreshGrace: refreshGrace, wizardLifetime: signInLifetime, tls: tls ? tlsNames : nil)
        return try native { try B2CoreAuthSandboxGenerated.Sandbox(config: config) }
    }
}

extension SandboxSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SandboxSettings(\(dialect))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["dialect": dialect]) }
}

/// Whether the native sandbox takes it: any length that a clock can show.
func isSeconds(_ seconds: TimeInterval) -> Bool {
    (0...1e12).contains(seconds)
}
