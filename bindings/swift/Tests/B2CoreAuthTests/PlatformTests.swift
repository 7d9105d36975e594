import B2CoreAuth
import Foundation
import XCTest

/// Store and transport from the app: all that the library without an HTTP stack and a file store has.
final class PlatformTests: AuthTestCase {
    func testSignsInWithTheAppsStoreAndTransport() async throws {
        try await signsInWithTheAppsStoreAndTransport(sandbox())
    }

    /// Through a balancer: each request carries the cookie that pins it to one machine.
    func testTheHostsCookiesGoAlong() async throws {
        try await signsInWithTheAppsStoreAndTransport(sandbox("--dialect", "cookies=pinned"))
    }

    private func signsInWithTheAppsStoreAndTransport(_ sandbox: Sandbox) async throws {
        let store = StoreChoice.custom(ActorStore())
        let transport = TransportChoice.custom(URLSessionTransport())
        let (_, _, form) = try await credentials(sandbox, store: store, transport: transport)
        let code = try await form.submit(email: "totp@example.com", password: Sandbox.password).code
        let wrong = try await refused { try await code.submit(code: "000000") }
        guard case .wrongCode = wrong else { return XCTFail("\(wrong)") }
        let other = try AuthClient(host: sandbox.host, store: store, transport: transport)
        let resumed = try await other.resumeSignIn(.front)
        let last = try XCTUnwrap(resumed).current.code
        let session = try await last.submit(code: authenticatorCode(Sandbox.totpSecret)).session
        try await session.refresh()
        let signedOut = try await other.signOut(.front)
        XCTAssertEqual(signedOut.revocation, .revoked)
    }

    func testADisplayIsSignedInWithTheAppsChannel() async throws {
        let display = try Display(.ok(Bodies.code("channel-1")), .ok(Bodies.exchanged))
        let (states, _, watch) = try await display.shown()
        watch.approve()
        let approved = try await states.next()
        XCTAssertEqual(approved.name, "approved")
        let token = try await states.session().accessToken().value
        XCTAssertEqual(token, "canary-access")
        let end = try await states.next()
        XCTAssertNil(end)
    }

    func testTheFlavourHasJustWhatItSays() throws {
        do {
            _ = try AuthClient(host: "https://broker.example", store: .memory)
            XCTAssertEqual(flavour, "bundled")
        } catch {
            guard case .setup = error else { throw error }
            XCTAssertEqual(flavour, "platform")
        }
    }

    func testOnlyTheBundledFlavourHasALiveChannel() async throws {
        let client = try AuthClient(
            host: sandbox().host, store: .custom(ClassStore()),
            transport: .custom(URLSessionTransport()))
        do {
            _ = try await client.qrSignIn().states.makeAsyncIterator().next().code("shown")
            XCTAssertEqual(flavour, "bundled")
        } catch AuthError.channel(let problem, _) {
            XCTAssertEqual(problem, .failed)
            XCTAssertEqual(flavour, "platform")
        }
    }

    private let flavour = ProcessInfo.processInfo.environment["FLAVOUR"] ?? "bundled"
}
