import XCTest

@testable import B2CoreAuth

/// Callers who wait for the same share one call, and none of them can spoil it for the others.
final class SingleFlightTests: XCTestCase {
    func testCallersShareTheCallInFlight() async throws {
        let calls = Calls()
        let single = SingleFlight(.whileItRuns, calls.make)
        let all = (0..<100).map { _ in Task { try await single("key") } }
        try await calls.hold("key").arrived.wait()
        let other = Task { try await single("other") }
        try await calls.hold("other").arrived.wait()
        calls.hold("key").release.give()
        for one in all {
            let value = try await one.value
            XCTAssertEqual(value, "key 1")
        }
        calls.hold("other").release.give()
        let value = try await other.value
        XCTAssertEqual(value, "other 2")
        let none = try await single.joinInFlight("key")
        XCTAssertNil(none)
        let next = try await single("key")
        XCTAssertEqual(next, "key 3", "a result is not given again")
    }

    func testANewCallerDoesNotJoinACallThatHasBegun() async throws {
        let calls = Calls()
        let single = SingleFlight(.beforeItBegins, calls.make)
        let first = Task { try await single("key") }
        try await calls.hold("key").arrived.wait()
        let under = try await single.joinInFlight("key")
        XCTAssertNil(under)
        let second = Task { try await single("key") }
        await until { calls.made == 2 }
        calls.hold("key").release.give()
        let values = try await [first.value, second.value]
        XCTAssertEqual(values, ["key 1", "key 2"])
    }

    func testAnErrorReachesAllWhoWait() async throws {
        let hold = Hold()
        let single = SingleFlight<Int, Int>(.whileItRuns) { _ in
            hold.arrived.give()
            try await hold.release.wait()
            throw NotScripted(url: "none")
        }
        let all = (0..<10).map { _ in Task { try await single(1) } }
        try await hold.arrived.wait()
        hold.release.give()
        for one in all {
            do {
                let value = try await one.value
                XCTFail("it gave \(value)")
            } catch is NotScripted {
            }
        }
    }

    func testACallerWhoIsCancelledLeavesAtOnce() async throws {
        let calls = Calls()
        let single = SingleFlight(.whileItRuns, calls.make)
        let first = Task { try await single("key") }
        try await calls.hold("key").arrived.wait()
        let second = Task { try await single("key") }
        await until { single.joined("key") == 2 }
        // While the call is held up, the one who began it leaves like any other.
        first.cancel()
        await assertCancelled(first)
        XCTAssertFalse(calls.hold("key").abandoned.isGiven)
        calls.hold("key").release.give()
        let value = try await second.value
        XCTAssertEqual(value, "key 1")
    }

    func testACallerWhoWasCancelledBeginsNothing() async throws {
        let calls = Calls()
        let single = SingleFlight(.whileItRuns, calls.make)
        let cancelled = Signal()
        let call = Task {
            try? await cancelled.wait()
            return try await single("key")
        }
        call.cancel()
        cancelled.give()
        await assertCancelled(call)
        XCTAssertEqual(calls.made, 0)
    }

    func testNothingIsKeptAliveByCallersWhoLeft() async throws {
        weak var kept: Calls?
        let release: Signal
        do {
            let calls = Calls()
            kept = calls
            release = calls.hold("key").release
            let single = SingleFlight(.whileItRuns, calls.make)
            let all = (0..<10).map { _ in Task { try await single("key") } }
            try await calls.hold("key").arrived.wait()
            for one in all {
                one.cancel()
                await assertCancelled(one)
            }
        }
        XCTAssertNotNil(kept, "the call goes on")
        release.give()
        await until { kept == nil }
    }

    /// A continuation that is resumed twice, or never, ends the test.
    func testRacingCancelsGiveEachCallerOneOutcome() async throws {
        var outcomes: [String: Int] = [:]
        for round in 0..<300 {
            let calls = Calls()
            let single = SingleFlight(.whileItRuns, calls.make)
            let all = (0..<8).map { _ in Task { try await single("key") } }
            let releaser = Task.detached {
                for _ in 0..<(round % 7) { await Task.yield() }
                calls.hold("key").release.give()
            }
            for _ in 0..<(round % 5) { await Task.yield() }
            for one in all.dropFirst(round % 8) { one.cancel() }
            for one in all {
                do {
                    let value = try await one.value
                    XCTAssertTrue(value.hasPrefix("key "))
                    outcomes["given", default: 0] += 1
                } catch is CancellationError {
                    outcomes["cancelled", default: 0] += 1
                }
            }
            await releaser.value
        }
        XCTAssertEqual(outcomes.values.reduce(0, +), 2400)
        XCTAssertGreaterThan(outcomes["given", default: 0], 0)
        XCTAssertGreaterThan(outcomes["cancelled", default: 0], 0)
    }
}

/// Calls that are counted, and held up until they are told to go on.
private final class Calls: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0
    private var holds: [String: Hold] = [:]

    var made: Int { lock.withLock { count } }

    /// The same for all calls of a key.
    func hold(_ key: String) -> Hold {
        lock.withLock {
            let hold = holds[key] ?? Hold()
            holds[key] = hold
            return hold
        }
    }

    @Sendable func make(_ key: String) async throws -> String {
        let number = lock.withLock {
            count += 1
            return count
        }
        let hold = hold(key)
        hold.arrived.give()
        do {
            try await hold.release.wait()
        } catch {
            hold.abandoned.give()
            throw error
        }
        return "\(key) \(number)"
    }
}
