internal import B2CoreAuthSandboxGenerated
import Foundation

/// How many attempts an account has from one address in one window before the host blocks it. The defaults are the vendor's; of
/// ``qr`` the vendor says nothing.
///
/// A client has a limiter of its own, which keeps to the vendor's numbers: see the `limits` of `AuthClient`.
public struct SandboxLimits: Equatable, Hashable, Sendable {
    /// Sign-ins, in either office.
    public var signIn: Int
    /// Refreshes, in either office.
    public var refresh: Int
    /// Code checks of the front office.
    public var codeCheck: Int
    /// Code checks of the back office.
    public var mailedCode: Int
    /// Calls of QR sign-in of a kind.
    public var qr: Int
    /// The length of the window, in seconds, rounded up to whole seconds.
    public var window: TimeInterval
    /// How long a block lasts, in seconds, rounded up to whole seconds.
    public var block: TimeInterval

    /// The vendor's limits, apart from what is given. A ``Sandbox`` refuses negative ones.
    public init(
        signIn: Int = 5, refresh: Int = 5, codeCheck: Int = 5, mailedCode: Int = 3, qr: Int = 30,
        window: TimeInterval = 60, block: TimeInterval = 600
    ) {
        (self.signIn, self.refresh, self.codeCheck) = (signIn, refresh, codeCheck)
        (self.mailedCode, self.qr) = (mailedCode, qr)
        (self.window, self.block) = (window, block)
    }

    func raw() throws(SandboxError) -> B2CoreAuthSandboxGenerated.SandboxLimits {
        func whole(_ number: UInt32?) throws(SandboxError) -> UInt32 {
            guard let number else { throw .setting("a limit is a number from 0 up") }
            return number
        }
        return .init(
            signIn: try whole(UInt32(exactly: signIn)), refresh: try whole(UInt32(exactly: refresh)),
            codeCheck: try whole(UInt32(exactly: codeCheck)), mailedCode: try whole(UInt32(exactly: mailedCode)),
            qr: try whole(UInt32(exactly: qr)), windowSeconds: try whole(UInt32(exactly: window.rounded(.up))),
            blockSeconds: try whole(UInt32(exactly: block.rounded(.up))))
    }
}
