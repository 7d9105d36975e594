import B2CoreAuth
import XCTest

/// Both roles of QR sign-in against the sandbox, with the live channel that is built in.
final class QrSandboxTests: AuthTestCase {
    private let both = ["inspect": "true", "decline": "true"]

    func testADisplayIsSignedInByAnApprover() async throws {
        let sandbox = try sandbox("--qr-location", "Vienna")
        let phone = try await phone(sandbox, both).signedIn()
        let display = try client(sandbox)
        let states = display.qrSignIn().states.makeAsyncIterator()
        let code = try await states.next().code("shown")
        XCTAssertEqual([code.ip, code.location], ["127.0.0.1", "Vienna"])
        let request = try await phone.inspectQr(code.payload, source: .camera)
        XCTAssertEqual([request.details.ip, request.details.location], ["127.0.0.1", "Vienna"])
        XCTAssertEqual(request.details.risks, [])
        let question = request.details.question(locale: Locale(identifier: "en"))
        XCTAssertTrue(question.hasPrefix("A screen in Vienna will be signed in as plain@example.com"), question)
        try await request.approve()
        let approved = try await states.next()
        XCTAssertEqual(approved.name, "approved")
        let session = try await states.session()
        let end = try await states.next()
        XCTAssertNil(end)
        let token = try await session.accessToken()
        let owner = try await sandbox.owner(of: token)
        XCTAssertEqual(owner, "plain@example.com")
        let phones = try await phone.accessToken()
        XCTAssertNotEqual(token.value, phones.value, "a session of its own")
        try await session.refresh()
        _ = try await qrProblem(.alreadyUsed) {
            try await phone.inspectQr(code.payload, source: .camera).approve()
        }
        let signedOut = try await display.signOut(.front)
        XCTAssertEqual(signedOut.revocation, .revoked)
        let still = try await sandbox.owner(of: phone.accessToken())
        XCTAssertEqual(still, "plain@example.com")
    }

    func testADeclineReachesTheDisplay() async throws {
        let sandbox = try sandbox()
        let phone = try await phone(sandbox, both).signedIn()
        let states = try client(sandbox).qrSignIn().states.makeAsyncIterator()
        let code = try await states.next().code("shown")
        let wasTold = try await phone.inspectQr(code.payload, source: .camera).decline()
        XCTAssertTrue(wasTold)
        let names = try await states.names(2)
        XCTAssertEqual(names, ["declined", "the end"])
    }

    func testABrokenConnectionRenewsTheCode() async throws {
        let sandbox = try sandbox()
        let phone = try await phone(sandbox).signedIn()
        let states = try client(sandbox).qrSignIn().states.makeAsyncIterator()
        let old = try await states.next().code("shown")
        try await sandbox.steer("live", #"{"drop":true}"#)
        let reason = try await states.expiry()
        XCTAssertEqual(reason, .connectionLost)
        let code = try await states.next().code("renewed")
        XCTAssertNotEqual(code.payload, old.payload)
        try await phone.inspectQr(code.payload, source: .camera).approve()
        let approved = try await states.next()
        XCTAssertEqual(approved.name, "approved")
        let session = try await states.session()
        let owner = try await sandbox.owner(of: session.accessToken())
        XCTAssertEqual(owner, "plain@example.com")
        let end = try await states.next()
        XCTAssertNil(end)
    }

    func testASandboxWithoutQrSignInIsNotAvailable() async throws {
        let sandbox = try sandbox("--no-qr")
        let names = try await client(sandbox).qrSignIn().states.makeAsyncIterator().names(2)
        XCTAssertEqual(names, ["notAvailable", "the end"])
    }

    private func phone(_ sandbox: Sandbox, _ options: [String: String] = [:]) throws -> AuthClient {
        try AuthClient(host: sandbox.host, store: .custom(ClassStore()), qrOptions: options)
    }
}
