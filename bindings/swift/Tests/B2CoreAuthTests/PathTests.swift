import B2CoreAuth
import XCTest

/// Every way to sign in, against a sandbox.
final class PathTests: AuthTestCase {
    private let password = Sandbox.password

    func testPathPlain() async throws {
        let sandbox = try sandbox()
        let (client, signIn, form) = try await credentials(sandbox)
        let none = try await client.session(.front)
        XCTAssertNil(none)
        let session = try await form.submit(email: "plain@example.com", password: password).session
        XCTAssertEqual(session.account, "plain@example.com")
        XCTAssertEqual(session.office, .front)
        XCTAssertEqual(signIn.current.name, "signedIn")
        let ends = try XCTUnwrap(session.accessExpiresAt)
        XCTAssertGreaterThan(ends, Date())
        XCTAssertGreaterThan(try XCTUnwrap(session.refreshExpiresAt), ends)
        let token = try await session.accessToken().value
        try await session.refresh()
        let refreshed = try await session.accessToken().value
        XCTAssertNotEqual(token, refreshed)
        let kept = try await client.session(.front)
        let same = try await kept?.accessToken().value
        XCTAssertEqual(same, refreshed)
        let signedOut = try await session.signOut()
        XCTAssertEqual(signedOut.account, "plain@example.com")
        XCTAssertEqual(signedOut.revocation, .revoked)
        let gone = try await client.session(.front)
        XCTAssertNil(gone)
    }

    func testPathTotp() async throws {
        let sandbox = try sandbox()
        let (_, _, form) = try await credentials(sandbox)
        let step = try await form.submit(email: "totp@example.com", password: password).code
        XCTAssertEqual(step.method, .google)
        XCTAssertEqual(step.account, "totp@example.com")
        let session = try await step.submit(code: authenticatorCode(Sandbox.totpSecret)).session
        XCTAssertEqual(session.account, "totp@example.com")
    }

    func testPathSms() async throws {
        let sandbox = try sandbox()
        let (_, _, form) = try await credentials(sandbox)
        let step = try await form.submit(email: "sms@example.com", password: password).code
        XCTAssertEqual(step.methods, [.sms])
        let code = try await sandbox.sentCode("sms@example.com")
        let session = try await step.submit(code: code).session
        XCTAssertEqual(session.account, "sms@example.com")
    }

    func testPathBothChoosesAndChanges() async throws {
        let sandbox = try sandbox()
        let (_, _, form) = try await credentials(sandbox)
        let choice = try await form.submit(email: "both@example.com", password: password).chooseMethod
        XCTAssertEqual(Set(choice.options.map(\.method)), [.google, .sms])
        XCTAssertEqual(choice.account, "both@example.com")
        let authenticator = try await choice.choose(.google).code
        XCTAssertEqual(authenticator.methods, [.google, .sms])
        let sms = try await authenticator.choose(.sms).code
        XCTAssertEqual(sms.method, .sms)
        let wait = try await sms.anotherCodeAfter()
        XCTAssertEqual(wait, 0)
        let code = try await sandbox.sentCode("both@example.com")
        let session = try await sms.submit(code: code).session
        XCTAssertEqual(session.account, "both@example.com")
    }

    func testPathForcedReset() async throws {
        let sandbox = try sandbox()
        let (_, _, form) = try await credentials(sandbox)
        let mailed = try await form.submit(email: "reset@example.com", password: password).resetCode
        XCTAssertEqual(mailed.account, "reset@example.com")
        let code = try await sandbox.sentCode("reset@example.com")
        let fresh = try await mailed.submit(code: code).newPassword
        let again = try await fresh.submit(password: "Fresh-Secret-456").credentials
        XCTAssertTrue(again.passwordChanged)
        XCTAssertEqual(again.account, "reset@example.com")
        let session = try await again.submit(email: "reset@example.com", password: "Fresh-Secret-456").session
        XCTAssertEqual(session.account, "reset@example.com")
    }

    func testPathBackOffice() async throws {
        let sandbox = try sandbox()
        let (client, signIn, form) = try await credentials(sandbox, .back)
        XCTAssertEqual(signIn.office, .back)
        let session = try await form.submit(email: "root@example.com", password: password).session
        XCTAssertEqual(session.office, .back)
        let front = try await client.session(.front)
        XCTAssertNil(front)
        let signedOut = try await client.signOut(.back)
        XCTAssertEqual(signedOut.revocation, .revoked)
    }

    func testPathBackOfficeMailedCode() async throws {
        let sandbox = try sandbox()
        let (_, _, form) = try await credentials(sandbox, .back)
        let step = try await form.submit(email: "admin@example.com", password: password).mailedCode
        XCTAssertEqual(step.provider, "email")
        XCTAssertEqual(step.account, "admin@example.com")
        XCTAssertGreaterThan(step.expiresAt, Date())
        let code = try await sandbox.sentCode("admin@example.com")
        let session = try await step.submit(code: code).session
        XCTAssertEqual(session.account, "admin@example.com")
    }

    func testWrongCodeThenRightCodeOnTheSameStep() async throws {
        let sandbox = try sandbox()
        let (_, signIn, form) = try await credentials(sandbox)
        let step = try await form.submit(email: "sms@example.com", password: password).code
        let right = try await sandbox.sentCode("sms@example.com")
        let error = try await refused { try await step.submit(code: right == "000000" ? "000001" : "000000") }
        guard case .wrongCode(_, let serverMessage, let correlationId) = error else { return XCTFail("\(error)") }
        XCTAssertFalse(serverMessage.lines.isEmpty)
        XCTAssertNotNil(correlationId)
        XCTAssertEqual(error.recovery, .askUser)
        XCTAssertEqual(signIn.current.name, "code")
        let session = try await step.submit(code: right).session
        XCTAssertEqual(session.account, "sms@example.com")
    }

    func testLockOutTellsItsWait() async throws {
        // The host counts less than the client does, so the host locks out first.
        let strict = try sandbox("--limits", "sign_in=2")
        try await lockOut(strict, after: 2, byHost: true)
        // The other way round the host is not asked.
        let lax = try sandbox()
        try await lockOut(lax, after: 5, byHost: false)
    }

    private func lockOut(_ sandbox: Sandbox, after attempts: Int, byHost: Bool) async throws {
        let (_, signIn, form) = try await credentials(sandbox)
        for _ in 0..<attempts {
            let error = try await refused { try await form.submit(email: "plain@example.com", password: "wrong") }
            guard case .wrongCredentials = error else { return XCTFail("\(error)") }
        }
        let error = try await refused { try await form.submit(email: "plain@example.com", password: password) }
        guard case .lockedOut(let seconds, byHost, let correlationId) = error else { return XCTFail("\(error)") }
        XCTAssertTrue((1...600).contains(seconds), "\(seconds)")
        XCTAssertEqual(correlationId != nil, byHost)
        XCTAssertEqual(error.recovery, .wait(seconds))
        XCTAssertEqual(signIn.current.name, "credentials")
    }

    func testUnknownWorkflowIsAPlace() async throws {
        let sandbox = try sandbox("--dialect", "unknown_workflow=2fa_email_auth")
        let (_, signIn, form) = try await credentials(sandbox)
        let step = try await form.submit(email: "plain@example.com", password: password)
        guard case .unsupported("2fa_email_auth") = step else { return XCTFail(step.name) }
        XCTAssertEqual(signIn.current.name, "unsupported")
    }

    func testRecaptchaIsDemanded() async throws {
        let sandbox = try sandbox("--recaptcha")
        let (_, _, form) = try await credentials(sandbox)
        XCTAssertTrue(form.info.recaptchaRequired)
        let error = try await refused { try await form.submit(email: "plain@example.com", password: password) }
        guard case .recaptchaRequired = error else { return XCTFail("\(error)") }
        let step = try await form.submit(
            email: "plain@example.com", password: password, recaptcha: "a response")
        XCTAssertEqual(step.name, "signedIn")
    }
}
