import B2CoreAuth
import Foundation
import XCTest

/// Store and transport from the app: all that the library without an HTTP stack and a file store has.
final class PlatformTests: AuthTestCase {
    func testSignsInWithTheAppsStoreAndTransport() async throws {
        let sandbox = try sandbox()
        let store = StoreChoice.custom(store: ActorStore())
        let transport = TransportChoice.custom(transport: URLSessionTransport())
        let (_, _, form) = try await credentials(sandbox, store: store, transport: transport)
        let code = try await form.submit(email: "totp@example.com", password: Sandbox.password).code
        let wrong = try await refused { try await code.submit(code: "000000") }
        guard case .WrongCode = wrong else { return XCTFail("\(wrong)") }
        let other = try AuthClient(host: sandbox.host, store: store, transport: transport)
        let resumed = try await other.resumeSignIn(.front)
        let last = try XCTUnwrap(resumed).current.code
        let session = try await last.submit(code: authenticatorCode(Sandbox.totpSecret)).session
        try await session.refresh()
        let signedOut = try await other.signOut(.front)
        XCTAssertEqual(signedOut.revocation, .revoked)
    }

    func testTheFlavourHasJustWhatItSays() throws {
        let flavour = ProcessInfo.processInfo.environment["FLAVOUR"] ?? "bundled"
        do {
            _ = try AuthClient(host: "https://broker.example", store: .memory)
            XCTAssertEqual(flavour, "bundled")
        } catch AuthError.Setup {
            XCTAssertEqual(flavour, "platform")
        }
    }
}
