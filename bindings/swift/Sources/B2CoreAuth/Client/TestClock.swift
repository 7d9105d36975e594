import Foundation

/// A clock for the tests of apps: it goes on as the device's clocks do, ahead of them by what it was moved. Several clients can have
/// the same one. Give it to
/// ``AuthClient/init(host:profile:userAgent:deviceFacts:language:timeout:limits:store:transport:certificatePins:approvalChannel:userPresence:qrOptions:testClock:)``.
public final class TestClock: Sendable {
    let raw = Raw.TestClock()

    /// A clock that shows what the device's clocks do.
    public init() {}

    /// Moves it ahead by so many seconds. Whoever waits for a time that it was moved past goes on at once.
    ///
    /// It cannot be moved back: zero, negative numbers, infinity and what is no number leave it as it is. No move is longer than 1e12
    /// seconds, which is past what a calendar shows.
    public func advance(by seconds: TimeInterval) {
        guard seconds > 0, seconds.isFinite else { return }
        raw.advance(by: min(seconds, 1e12))
    }

    /// How far it is ahead of the device's clocks, in seconds.
    public var ahead: TimeInterval { raw.ahead() }
}

extension TestClock: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["ahead": ahead]) }
}
