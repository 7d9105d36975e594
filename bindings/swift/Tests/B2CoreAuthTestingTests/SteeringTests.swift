import B2CoreAuth
import B2CoreAuthTesting
import XCTest

/// Codes, tokens and faults.
final class SteeringTests: XCTestCase {
    func testRightAndWrongCodes() async throws {
        let sandbox = try Sandbox()
        for email in [Sandbox.totp, Sandbox.sms] {
            let step = try await sandbox.client().enter(email).code
            let error = try await refused { try await step.submit(code: sandbox.wrongCode(email)) }
            guard case .wrongCode = error else { return XCTFail("\(error)") }
            let right = sandbox.totpCode(email) ?? sandbox.lastCode(email)
            _ = try await step.submit(code: XCTUnwrap(right)).session
        }
        for _ in 0..<2 { try await sandbox.signIn(sandbox.client(), as: Sandbox.totp) }
        XCTAssertEqual(sandbox.totpSecret(Sandbox.totp)?.count, 32)
        XCTAssertNil(sandbox.totpCode(Sandbox.sms))
        XCTAssertNil(sandbox.lastCode(Sandbox.totp))
    }

    func testRejectedTokensAreReplacedByARefresh() async throws {
        let sandbox = try Sandbox()
        let session = try await sandbox.signIn(sandbox.client())
        let other = try await sandbox.signIn(sandbox.client(), as: Sandbox.totp)
        let rejected = try await session.accessToken()
        let before = try await status(sandbox.protectedUrl, rejected.value)
        XCTAssertEqual(before, 200)
        XCTAssertEqual(sandbox.rejectTokens(Sandbox.plain), 1)
        let after = try await status(sandbox.protectedUrl, rejected.value)
        XCTAssertEqual(after, 401)
        XCTAssertNil(sandbox.owner(of: rejected))
        try await session.refresh()
        let fresh = try await session.accessToken()
        XCTAssertNotEqual(rejected.value, fresh.value)
        let good = try await status(sandbox.protectedUrl, fresh.value)
        XCTAssertEqual(good, 200)
        let others = try await other.accessToken()
        XCTAssertEqual(sandbox.owner(of: others), Sandbox.totp, "of this user only")
        XCTAssertEqual(sandbox.rejectTokens("nobody@example.com"), 0)
    }

    func testEndedSessionsAreOver() async throws {
        let sandbox = try Sandbox()
        let session = try await sandbox.signIn(sandbox.client())
        let other = try await sandbox.signIn(sandbox.client(), as: Sandbox.totp)
        XCTAssertEqual(sandbox.endSessions(Sandbox.plain), 1)
        XCTAssertEqual(sandbox.endSessions(Sandbox.plain), 0)
        XCTAssertEqual(sandbox.unrevokedSessions, 1)
        guard case .sessionEnded = try await refused({ try await session.refresh() }) else { return XCTFail() }
        let others = try await other.accessToken()
        XCTAssertEqual(sandbox.owner(of: others), Sandbox.totp, "of this user only")
    }

    func testFaultsActAndAreCounted() async throws {
        let sandbox = try Sandbox { $0.faults = ["sign_in:drop=before,times=1"] }
        let lost = try await refused { try await sandbox.client().enter(Sandbox.plain) }
        guard case .network(.interrupted, _, _) = lost else { return XCTFail("\(lost)") }
        let session = try await sandbox.signIn(sandbox.client())
        try sandbox.fault("front/refresh:status=503,retry_after=7")
        let failed = try await refused { try await session.refresh() }
        guard case .hostFailed(let status, let seconds, let correlationId) = failed else {
            return XCTFail("\(failed)")
        }
        XCTAssertEqual(status, 503)
        XCTAssertEqual(seconds, 7)
        let request = try XCTUnwrap(sandbox.requests.last { $0.path.hasSuffix("/refresh") })
        XCTAssertEqual(request.method, "POST")
        XCTAssertEqual(request.status, 503)
        XCTAssertEqual(request.correlationId, correlationId)
        XCTAssertEqual(request.fault?.contains("refresh:status=503"), true)
        XCTAssertEqual(sandbox.faults.map(\.acted), [1, 1])
        sandbox.clearFaults()
        XCTAssertEqual(sandbox.faults, [])
        guard case .backingOff = try await refused({ try await session.refresh() }) else { return XCTFail() }
        sandbox.advance(by: 10)
        try await session.refresh()
        let unknown = try mistaken { try sandbox.fault("login:drop=after") }
        guard case .fault(let problem) = unknown else { return XCTFail("\(unknown)") }
        XCTAssertTrue(problem.contains("there are any, wizard, sign_in"), problem)
    }

    func testARecaptchaCanBeRequired() async throws {
        let sandbox = try Sandbox()
        sandbox.setRecaptcha(true)
        let error = try await refused { try await sandbox.client().enter(Sandbox.plain) }
        guard case .recaptchaRequired = error else { return XCTFail("\(error)") }
        try await sandbox.signIn(sandbox.client())
    }

    func testSignInsCanBeForgotten() async throws {
        let sandbox = try Sandbox()
        let step = try await sandbox.client().enter(Sandbox.sms).code
        XCTAssertEqual(sandbox.forgetSignIns(), 1)
        let code = try XCTUnwrap(sandbox.lastCode(Sandbox.sms))
        guard case .signInExpired = try await refused({ try await step.submit(code: code) }) else { return XCTFail() }
    }

    func testDialectsCanBeSet() async throws {
        let sandbox = try Sandbox { $0.dialect = "laravel" }
        try await sandbox.signIn(sandbox.client(), as: Sandbox.both)
        try sandbox.setDialect("reference,unknown_workflow=passkey")
        guard case .unsupported("passkey") = try await sandbox.client().enter(Sandbox.plain) else { return XCTFail() }
    }
}
