import Foundation

/// The limits of the rate limiter: how many attempts an account has in one window before the host blocks it. The attempt that
/// would cause the block is not sent. 0 means no limit. The defaults are the vendor's.
public struct AttemptLimits: Hashable, Sendable {
    /// Sign-ins.
    public var signIn: Int

    /// Code checks of the front office.
    public var codeCheck: Int

    /// Code checks of the back office.
    public var mailedCode: Int

    /// Token refreshes.
    public var refresh: Int

    /// The length of the window, in seconds, rounded up to whole seconds.
    public var window: TimeInterval

    /// How long a block lasts if the host does not say, in seconds, rounded up to whole seconds.
    public var block: TimeInterval

    /// Limits. ``AuthClient`` refuses negative ones.
    public init(
        signIn: Int = 5, codeCheck: Int = 5, mailedCode: Int = 3, refresh: Int = 5, window: TimeInterval = 60,
        block: TimeInterval = 600
    ) {
        (self.signIn, self.codeCheck, self.mailedCode, self.refresh) = (signIn, codeCheck, mailedCode, refresh)
        (self.window, self.block) = (window, block)
    }
}

extension AttemptLimits {
    func raw() throws(AuthError) -> Raw.AttemptLimits {
        func number<N: Comparable>(_ number: N, _ whole: (N) -> UInt32?) throws(AuthError) -> UInt32 {
            guard let whole = whole(number) else {
                throw AuthError.setup(problem: "an attempt limit is negative, or too large")
            }
            return whole
        }
        func count(_ limit: Int) throws(AuthError) -> UInt32 { try number(limit) { UInt32(exactly: $0) } }
        func seconds(_ time: TimeInterval) throws(AuthError) -> UInt32 {
            try number(time) { UInt32(exactly: $0.rounded(.up)) }
        }
        return Raw.AttemptLimits(
            signIn: try count(signIn), codeCheck: try count(codeCheck), mailedCode: try count(mailedCode),
            refresh: try count(refresh), windowSeconds: try seconds(window), blockSeconds: try seconds(block))
    }
}
