import B2CoreAuth
import Foundation

extension Sandbox {
    /// Moves the time of both sides by so many seconds: first the sandbox's, then that of the clients from this sandbox. Not while a
    /// request is under way: a client whose request takes a quarter of an hour takes the host's clock to be behind.
    public func advance(by seconds: TimeInterval) {
        precondition(isSeconds(seconds), "time is moved forward by a number of seconds")
        raw.advance(by: seconds)
        clock.advance(by: seconds)
    }

    /// Lets something go wrong from the next request on: `[front/|back/]ENDPOINT:ACT[=VALUE][,OPTION=VALUE]...`, such as
    /// `refresh:status=503,times=1`.
    ///
    /// - Throws: ``SandboxError/fault(_:)`` if the text is no fault; it says which words there are.
    public func fault(_ spec: String) throws(SandboxError) {
        try native { try raw.fault(fault: spec) }
    }

    /// Ends all faults. What acts already goes on.
    public func clearFaults() { raw.clearFaults() }

    /// How long the tokens live that are issued from now on, in whole seconds.
    public func setTokenLifetimes(access: TimeInterval, refresh: TimeInterval) {
        precondition(isSeconds(access) && isSeconds(refresh), "a lifetime is a number of seconds from 0 up")
        raw.setTokenLifetimes(access: access, refresh: refresh)
    }

    /// How long after it was spent a refresh token still gives a new pair, in seconds. Zero: not at all, it ends the session.
    public func setRefreshGrace(_ seconds: TimeInterval) {
        precondition(isSeconds(seconds), "a grace is a number of seconds from 0 up")
        raw.setRefreshGrace(grace: seconds)
    }

    /// How many attempts are allowed from now on; `nil` for any number. What is blocked stays blocked.
    ///
    /// - Throws: ``SandboxError/setting(_:)`` if a limit is negative.
    public func setLimits(_ limits: SandboxLimits?) throws(SandboxError) { raw.setLimits(limits: try limits?.raw()) }

    /// Forgets all attempts and blocks.
    public func clearLimits() { raw.clearLimits() }

    /// Whether a front-office sign-in needs a reCAPTCHA response: anything but an empty text and `bad` is accepted.
    public func setRecaptcha(_ required: Bool) { raw.setRecaptcha(required: required) }

    /// How the host speaks from now on.
    ///
    /// - Throws: ``SandboxError/dialect(_:)`` if the text is no dialect; it says which words there are.
    public func setDialect(_ dialect: String) throws(SandboxError) {
        try native { try raw.setDialect(dialect: dialect) }
    }

    /// Forgets all sign-ins in progress, as a host does that was restarted. Says how many there were.
    @discardableResult
    public func forgetSignIns() -> Int { Int(raw.forgetWizards()) }

    /// Rejects the access tokens that this user has so far: they are answered 401 from now on. A refresh gives good ones. Says how
    /// many were good. A client does not replace a token that is younger than 30 seconds: ``advance(by:)`` first.
    @discardableResult
    public func rejectTokens(_ email: String) -> Int { Int(raw.rejectTokens(email: email)) }

    /// Ends all sessions of this user, as the broker's staff can: a refresh fails too. Says how many there were.
    @discardableResult
    public func endSessions(_ email: String) -> Int { Int(raw.endSessions(email: email)) }

    /// Whether there is QR sign-in from now on.
    public func setQrAvailable(_ available: Bool) { raw.setQrAvailable(available: available) }

    /// Approves the sign-in behind this code in this user's name, as their phone would. The code is its text or the id of its
    /// channel. False when there is no such user, or no such code that waits for a decision.
    public func approveQr(_ code: String, as email: String = Sandbox.plain) -> Bool {
        raw.approveQr(code: code, email: email)
    }

    /// The same.
    public func approveQr(_ code: QrCode, as email: String = Sandbox.plain) -> Bool {
        approveQr(code.channelId, as: email)
    }

    /// Declines the sign-in behind this code: its text or the id of its channel. False when none waits for a decision.
    public func declineQr(_ code: String) -> Bool { raw.declineQr(code: code) }

    /// The same.
    public func declineQr(_ code: QrCode) -> Bool { declineQr(code.channelId) }

    /// Breaks all connections of the live channel of QR sign-in. New ones are taken. Says how many there were.
    @discardableResult
    public func dropLive() -> Int { Int(raw.dropLive()) }

    /// Whether the live channel is polling only from now on: no WebSocket.
    public func setPollingOnly(_ pollingOnly: Bool) { raw.setPollingOnly(pollingOnly: pollingOnly) }
}
