import XCTest

@testable import B2CoreAuth

/// Calls at the same time, and calls that are cancelled.
final class ConcurrencyTests: AuthTestCase {
    func testDoubleSubmitAnswersBusy() async throws {
        let world = try World()
        let step = try await world.atCode()
        let hold = Hold()
        world.host.next(.hold(hold, then: .ok(Bodies.pair)))
        let first = Task { try await step.submit(code: "123456") }
        try await hold.arrived.wait()
        let error = try await refused { try await step.submit(code: "123456") }
        guard case .busy = error else { return XCTFail("\(error)") }
        hold.release.give()
        let next = try await first.value
        XCTAssertEqual(next.name, "signedIn")
    }

    func testCancellingASubmitLeavesTheStepUsable() async throws {
        let world = try World()
        let step = try await world.atCode()
        let hold = Hold()
        world.host.next(.hold(hold, then: .ok(Bodies.pair)))
        let call = Task { try await step.submit(code: "123456") }
        try await hold.arrived.wait()
        call.cancel()
        await assertCancelled(call)
        // The transport's own task is cancelled too.
        try await hold.abandoned.wait()
        world.host.next(.ok(Bodies.pair))
        let next = try await step.submit(code: "123456")
        XCTAssertEqual(next.name, "signedIn")
    }

    func testCancellingASubmitKeepsNothingAlive() async throws {
        weak var host: FakeHost?
        weak var store: ClassStore?
        weak var rawStep: RawCodeStep?
        do {
            let world = try World()
            (host, store) = (world.host, world.store)
            let step = try await world.atCode()
            rawStep = step.raw
            let hold = Hold()
            world.host.next(.hold(hold, then: .ok(Bodies.pair)))
            let call = Task { try await step.submit(code: "123456") }
            try await hold.arrived.wait()
            XCTAssertNotNil(rawStep)
            call.cancel()
            await assertCancelled(call)
        }
        await until { rawStep == nil && host == nil && store == nil }
        await until { callsIntoSwift() == 0 }
    }

    func testCancelBeforeTheCallCounts() async throws {
        let world = try World()
        let step = try await world.atCode()
        let asked = world.host.asked.count
        let cancelled = Signal()
        let call = Task {
            try? await cancelled.wait()
            return try await step.submit(code: "123456")
        }
        call.cancel()
        cancelled.give()
        await assertCancelled(call)
        XCTAssertEqual(world.host.asked.count, asked, "nothing is sent")
        world.host.next(.ok(Bodies.pair))
        let next = try await step.submit(code: "123456")
        XCTAssertEqual(next.name, "signedIn")
    }

    /// Whatever moment a cancel comes at, either the caller has the next step, or the sign-in is where it was, or it
    /// has moved on and says where to.
    func testRacingCancelsLoseNoOutcome() async throws {
        let arrivals = Arrivals()
        let host = FakeHost {
            if $0.method == "GET" { return .ok(Bodies.wizard) }
            arrivals.current.give()
            return .ok(Bodies.code)
        }
        let store = ClassStore()
        let client = try AuthClient(
            host: "https://broker.example", store: .custom(store), transport: .custom(host))
        var outcomes: [String: Int] = [:]
        for round in 0..<300 {
            let signIn = client.signIn(.front)
            let step = try await signIn.opened()
            let arrival = arrivals.next()
            let email = "user\(round)@example.com"
            let call = Task { try await step.submit(email: email, password: "Secret123") }
            switch round % 4 {
            case 0: _ = await call.result
            case 1: break
            // About when the answer is taken in.
            default: try await arrival.wait()
            }
            for _ in 0..<(round % 12) { await Task.yield() }
            call.cancel()
            do {
                let next = try await call.value
                XCTAssertEqual(next.name, "code")
                XCTAssertEqual(signIn.current.name, "code")
                outcomes["answered", default: 0] += 1
            } catch is CancellationError {
                let outcome = try await goOn(signIn, step, email)
                outcomes[outcome, default: 0] += 1
            }
        }
        print("racing cancels: \(outcomes)")
        XCTAssertEqual(outcomes.values.reduce(0, +), 300)
        XCTAssertGreaterThan(outcomes["kept", default: 0], 0)
        XCTAssertGreaterThan(outcomes["answered", default: 0], 0)
        await until { callsIntoSwift() == 0 }
    }

    private func goOn(_ signIn: SignIn, _ step: CredentialsStep, _ email: String) async throws -> String {
        while true {
            do {
                let next = try await step.submit(email: email, password: "Secret123")
                XCTAssertEqual(next.name, "code")
                return "kept"
            } catch AuthError.busy {
                // The answer had come; it is being taken in.
                await Task.yield()
            } catch AuthError.staleStep {
                XCTAssertEqual(signIn.current.name, "code")
                return "moved on"
            }
        }
    }
}

func assertCancelled<T: Sendable>(
    _ call: Task<T, any Error>, file: StaticString = #filePath, line: UInt = #line
) async {
    do {
        let result = try await call.value
        XCTFail("it gave \(result)", file: file, line: line)
    } catch is CancellationError {
    } catch {
        XCTFail("\(error)", file: file, line: line)
    }
}

/// Tells that the request of this round has come.
private final class Arrivals: @unchecked Sendable {
    private let lock = NSLock()
    private var signal = Signal()

    var current: Signal { lock.withLock { signal } }

    func next() -> Signal {
        lock.withLock {
            signal = Signal()
            return signal
        }
    }
}
