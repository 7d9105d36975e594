import B2CoreAuth
import B2CoreAuthTesting
import XCTest

/// One call moves the sandbox and the clients.
final class ClockTests: XCTestCase {
    private let noLimits = AttemptLimits(
        signIn: 0, codeCheck: 0, mailedCode: 0, refresh: 0, window: 60, block: 600)

    func testAnExpiredTokenIsRefreshed() async throws {
        let sandbox = try Sandbox()
        let session = try await sandbox.signIn(sandbox.client())
        let old = try await session.accessToken()
        sandbox.advance(by: 16 * 60)
        XCTAssertNil(sandbox.owner(of: old), "the sandbox's time")
        let new = try await session.accessToken()
        XCTAssertEqual(sandbox.owner(of: new), Sandbox.plain, "the client's time")
        XCTAssertNotEqual(old.value, new.value)
        XCTAssertEqual(sandbox.requestCount(to: "/refresh"), 1)
        sandbox.advance(by: 61 * 60)
        XCTAssertTrue(session.isExpired)
        guard case .sessionEnded = try await refused({ try await session.accessToken() }) else { return XCTFail() }
    }

    func testAClientThatWaitsGoesOn() async throws {
        let sandbox = try Sandbox()
        let session = try await sandbox.signIn(sandbox.client())
        let ahead = Task { try await session.autoRefresh() }
        for _ in 0..<3 {
            let before = session.accessExpiresAt
            sandbox.advance(by: 15 * 60)
            while session.accessExpiresAt == before { await Task.yield() }
        }
        XCTAssertEqual(sandbox.requestCount(to: "/refresh"), 3)
        ahead.cancel()
        _ = await ahead.result
    }

    func testABlockEnds() async throws {
        let sandbox = try Sandbox { $0.limits = SandboxLimits() }
        let client = try sandbox.client(limits: noLimits)
        for _ in 0..<5 {
            guard case .wrongCredentials = try await refused({ try await client.enter(Sandbox.plain, "wrong") }) else {
                return XCTFail()
            }
        }
        guard case .lockedOut(let seconds, let byHost, _) = try await refused({ try await client.enter(Sandbox.plain) })
        else { return XCTFail() }
        XCTAssertTrue(byHost)
        sandbox.advance(by: seconds - 60)
        guard case .lockedOut = try await refused({ try await client.enter(Sandbox.plain) }) else { return XCTFail() }
        sandbox.advance(by: 61)
        _ = try await client.enter(Sandbox.plain).session
    }

    func testLimitsCanBeSetAndForgotten() async throws {
        let sandbox = try Sandbox()
        let client = try sandbox.client(limits: noLimits)
        for _ in 0..<7 { _ = try await client.enter(Sandbox.plain).session }
        try sandbox.setLimits(SandboxLimits(signIn: 1))
        _ = try await client.enter(Sandbox.plain).session
        guard case .lockedOut = try await refused({ try await client.enter(Sandbox.plain) }) else { return XCTFail() }
        sandbox.clearLimits()
        _ = try await sandbox.client().enter(Sandbox.plain).session
    }

    func testASignInAndItsCodeExpire() async throws {
        let sandbox = try Sandbox()
        let step = try await sandbox.client().enter(Sandbox.sms).code
        let code = try XCTUnwrap(sandbox.lastCode(Sandbox.sms))
        sandbox.advance(by: 11 * 60)
        guard case .signInExpired = try await refused({ try await step.submit(code: code) }) else { return XCTFail() }
    }

    func testAnAuthenticatorCodeExpires() async throws {
        let sandbox = try Sandbox()
        let step = try await sandbox.client().enter(Sandbox.totp).code
        let code = try XCTUnwrap(sandbox.totpCode(Sandbox.totp))
        sandbox.advance(by: 95)
        guard case .wrongCode = try await refused({ try await step.submit(code: code) }) else { return XCTFail() }
        _ = try await step.submit(code: XCTUnwrap(sandbox.totpCode(Sandbox.totp))).session
    }

    func testTheClientsClockAloneIsADeviceWhoseClockIsWrong() async throws {
        let sandbox = try Sandbox()
        sandbox.clock.advance(by: 365 * 24 * 3600)
        XCTAssertEqual(sandbox.clock.ahead, 365 * 24 * 3600)
        let session = try await sandbox.signIn(sandbox.client())
        let token = try await session.accessToken()
        XCTAssertEqual(sandbox.owner(of: token), Sandbox.plain)
        XCTAssertEqual(sandbox.requestCount(to: "/refresh"), 0, "the client goes by the host's clock")
        XCTAssertLessThan(abs(sandbox.now.timeIntervalSinceNow), 3600)
    }

    func testAClockIsMovedAheadOnly() {
        let clock = TestClock()
        for seconds in [0, -1, -.infinity, .infinity, .nan, -.greatestFiniteMagnitude] as [TimeInterval] {
            clock.advance(by: seconds)
            XCTAssertEqual(clock.ahead, 0, "\(seconds)")
        }
        clock.advance(by: 0.25)
        XCTAssertEqual(clock.ahead, 0.25)
        clock.advance(by: .greatestFiniteMagnitude)
        XCTAssertEqual(clock.ahead, 1e12 + 0.25)
    }

    func testLifetimesCanBeSet() async throws {
        let sandbox = try Sandbox { $0.accessLifetime = 2 * 3600 }
        let session = try await sandbox.signIn(sandbox.client())
        sandbox.advance(by: 50 * 60)
        let first = try await session.accessToken()
        XCTAssertEqual(sandbox.owner(of: first), Sandbox.plain)
        XCTAssertEqual(sandbox.requestCount(to: "/refresh"), 0)
        sandbox.setTokenLifetimes(access: 60, refresh: 24 * 3600)
        try await session.refresh()
        sandbox.advance(by: 23 * 3600)
        async let one = session.accessToken()
        async let two = session.accessToken()
        let fresh = try await [one, two]
        XCTAssertEqual(fresh.map { sandbox.owner(of: $0) }, [Sandbox.plain, Sandbox.plain])
        XCTAssertEqual(sandbox.requestCount(to: "/refresh"), 2)
    }
}
