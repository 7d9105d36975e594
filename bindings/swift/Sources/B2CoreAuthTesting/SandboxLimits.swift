internal import B2CoreAuthSandboxGenerated

/// How many attempts an account has from one address in one window before the host blocks it. The defaults are the vendor's; of
/// ``qr`` the vendor says nothing.
///
/// A client has a limiter of its own, which keeps to the vendor's numbers: see the `limits` of `AuthClient`.
public struct SandboxLimits: Equatable, Hashable, Sendable {
    /// Sign-ins, in either office.
    public var signIn: UInt32
    /// Refreshes, in either office.
    public var refresh: UInt32
    /// Code checks of the front office.
    public var codeCheck: UInt32
    /// Code checks of the back office.
    public var mailedCode: UInt32
    /// Calls of QR sign-in of a kind.
    public var qr: UInt32
    /// The length of the window.
    public var windowSeconds: UInt32
    /// How long a block lasts.
    public var blockSeconds: UInt32

    /// The vendor's limits, apart from what is given.
    public init(
        signIn: UInt32 = 5, refresh: UInt32 = 5, codeCheck: UInt32 = 5, mailedCode: UInt32 = 3, qr: UInt32 = 30,
        windowSeconds: UInt32 = 60, blockSeconds: UInt32 = 600
    ) {
        (self.signIn, self.refresh, self.codeCheck) = (signIn, refresh, codeCheck)
        (self.mailedCode, self.qr) = (mailedCode, qr)
        (self.windowSeconds, self.blockSeconds) = (windowSeconds, blockSeconds)
    }

    var raw: B2CoreAuthSandboxGenerated.SandboxLimits {
        .init(
            signIn: signIn, refresh: refresh, codeCheck: codeCheck, mailedCode: mailedCode, qr: qr,
            windowSeconds: windowSeconds, blockSeconds: blockSeconds)
    }
}
