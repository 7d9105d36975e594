import Foundation

/// A clock for the tests of apps: it goes on as the device's clocks do, ahead of them by what it was moved. Give it to
/// ``AuthClient/init(host:profile:userAgent:deviceFacts:language:timeout:limits:store:transport:approvalChannel:userPresence:qrOptions:testClock:)``.
public final class TestClock: Sendable {
    let raw = Raw.TestClock()

    /// A clock that shows what the device's clocks do.
    public init() {}

    /// Moves it ahead by so many seconds. It cannot be moved back.
    public func advance(by seconds: TimeInterval) {
        raw.advance(by: seconds)
    }

    /// How far it is ahead of the device's clocks, in seconds.
    public var ahead: TimeInterval { raw.ahead() }
}
