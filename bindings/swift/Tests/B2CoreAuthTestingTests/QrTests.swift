import B2CoreAuth
import B2CoreAuthTesting
import XCTest

/// Either role of QR sign-in, with the sandbox or a client as the other.
final class QrTests: XCTestCase {
    func testADisplayIsApprovedByTheSandbox() async throws {
        let sandbox = try Sandbox { $0.qrLocation = "Vienna" }
        for byText in [true, false] {
            let display = try sandbox.client().qrSignIn()
            let states = display.states.makeAsyncIterator()
            let code = try await states.code()
            XCTAssertEqual(code.location, "Vienna")
            XCTAssertFalse(sandbox.approveQr(code, as: "nobody@example.com"))
            XCTAssertTrue(
                byText ? sandbox.approveQr(code.payload, as: Sandbox.totp) : sandbox.approveQr(code, as: Sandbox.totp))
            XCTAssertFalse(sandbox.approveQr(code, as: Sandbox.totp), "decided")
            let token = try await states.session().accessToken()
            XCTAssertEqual(sandbox.owner(of: token), Sandbox.totp)
        }
    }

    func testADisplayIsDeclinedByTheSandbox() async throws {
        let sandbox = try Sandbox()
        let display = try sandbox.client().qrSignIn()
        let states = display.states.makeAsyncIterator()
        let code = try await states.code()
        XCTAssertTrue(sandbox.declineQr(code))
        guard case .declined = try await states.following() else { return XCTFail() }
        XCTAssertFalse(sandbox.declineQr("no such code"))
    }

    func testAnApproverAndADisplay() async throws {
        let sandbox = try Sandbox { $0.pollingOnly = true }
        let phone = try await sandbox.signIn(sandbox.client(), as: Sandbox.sms)
        let display = try sandbox.client().qrSignIn()
        let states = display.states.makeAsyncIterator()
        let code = try await states.code()
        try await phone.inspectQr(code.payload, source: .camera).approve()
        let token = try await states.session().accessToken()
        XCTAssertEqual(sandbox.owner(of: token), Sandbox.sms)
    }

    func testACodeExpiresWithTheClock() async throws {
        let sandbox = try Sandbox()
        let phone = try await sandbox.signIn(sandbox.client())
        let display = try sandbox.client().qrSignIn()
        let states = display.states.makeAsyncIterator()
        let old = try await states.code()
        sandbox.advance(by: 3 * 60)
        guard case .expired(let reason) = try await states.following() else { return XCTFail() }
        // Both say so, and either may be first.
        XCTAssertTrue([QrExpiry.host, .lifetime].contains(reason), "\(reason)")
        let error = try await refused { try await phone.inspectQr(old.payload, source: .camera).approve() }
        guard case .qr = error else { return XCTFail("\(error)") }
        let new = try await states.code()
        XCTAssertTrue(sandbox.approveQr(new))
        _ = try await states.session()
    }

    func testABrokenConnectionRenewsTheCode() async throws {
        let sandbox = try Sandbox()
        let display = try sandbox.client().qrSignIn()
        let states = display.states.makeAsyncIterator()
        _ = try await states.code()
        XCTAssertEqual(sandbox.dropLive(), 1)
        guard case .expired(.connectionLost) = try await states.following() else { return XCTFail() }
        let new = try await states.code()
        XCTAssertTrue(sandbox.approveQr(new))
        _ = try await states.session()
    }

    func testQrSignInCanBeSwitchedOff() async throws {
        let sandbox = try Sandbox()
        sandbox.setQrAvailable(false)
        let display = try sandbox.client().qrSignIn()
        var states: [QrState] = []
        for try await state in display.states { states.append(state) }
        guard states.count == 1, case .notAvailable = states[0] else { return XCTFail("\(states)") }
    }
}
