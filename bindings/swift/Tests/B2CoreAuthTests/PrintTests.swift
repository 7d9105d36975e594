import B2CoreAuth
import XCTest

/// Every secret and every word of the host begins with `canary` here; nothing that prints may show one.
final class PrintTests: AuthTestCase {
    func testNothingPrintsASecret() async throws {
        let world = try World()
        var values: [Any] = [world.client]
        let wizard = Answer.ok(Bodies.wizard)
        let ways: [[Answer]] = [
            [], [wizard], [wizard, .ok(Bodies.choice)], [wizard, .ok(Bodies.code)], [wizard, .ok(Bodies.resetCode)],
            [wizard, .ok(Bodies.workflow("kyc_form"))],
        ]
        for way in ways {
            let signIn = try await world.walk(way)
            values += [signIn, signIn.current]
        }
        let other = try World()
        let reset = try await other.walk([wizard, .ok(Bodies.resetCode), .ok(Bodies.newPassword)])
        let mailed = try await other.walk([.ok(Bodies.mailedCode)], office: .back)
        let session = try await other.signedIn()
        let token = try await session.accessToken()
        values += [reset, reset.current, mailed, mailed.current, session, token, SignInStep.signedIn(session)]
        let requests = world.host.asked + other.host.asked
        values += requests as [Any]
        let bearer = HttpHeader(name: "Authorization", value: "Bearer canary-access")
        values += [bearer, HttpResponse(status: 200, headers: [bearer], body: Data("canary".utf8))]
        let secret = Passphrase("canary-passphrase")
        values += [secret, StoreChoice.file(path: "/store", passphrase: secret), StoreChoice.memory]
        values += [LoadResult.found(Data("canary".utf8)), LoadResult.missing, TransportChoice.bundled]
        values += [
            SignedOut(account: "canary@example.com", revocation: .revoked, cause: nil),
            MethodOption(method: .sms, caption: "canary"),
        ]
        let states: [AuthState] = [
            .signedIn(account: "canary@example.com"), .reauthenticationRequired(account: "canary"), .signedOut,
        ]
        values += states as [Any]
        values += states.map { StateChange(state: $0, reason: .stored) } as [Any]
        values += [AccountKey(profile: "canary", host: "https://broker.example", office: .front)]
        let request = HttpRequest(
            method: "POST", url: "https://broker.example", headers: [bearer], body: Data("canary".utf8))
        values += [request]
        for value in values { XCTAssertEqual(canaries(value), [], "\(type(of: value))") }

        // The canaries are there where they are asked for.
        XCTAssertEqual(token.value, "canary-access")
        XCTAssertEqual(canaries("canary").count, 3)
        let bodies = requests.compactMap { $0.body }.map { String(decoding: $0, as: UTF8.self) }
        XCTAssertTrue(bodies.contains { $0.contains(World.password) })
    }

    func testNoErrorPrintsASecret() async throws {
        for (name, _, produce) in ErrorProducers.all {
            let error = try await refused { try await produce(World()) }
            XCTAssertEqual(canaries(error), [], "\(name)")
            XCTAssertFalse("\(error)".contains("jdoe"), "\(name)")
            XCTAssertEqual(error.localizedDescription, error.localizedMessage(), "\(name)")
            XCTAssertFalse(error.localizedMessage().contains("jdoe"), "\(name)")
            XCTAssertEqual(String(reflecting: error), "\(error)", "\(name)")
            XCTAssertFalse("\(error)".contains(String(describing: type(of: error))), "its text: \(error)")
        }
        let message = ServerMessage(lines: ["canary-text"])
        XCTAssertEqual(canaries(message), [])
        XCTAssertEqual(canaries(AuthError.wrongCode(serverMessage: message, correlationId: nil)), [])
        XCTAssertEqual(message.lines, ["canary-text"])
        let network = TransportError.network(.timedOut)
        XCTAssertEqual("\(network)", network.localizedDescription)
        for error in [StoreError.unavailable, .failed] {
            XCTAssertEqual("\(error)", error.localizedDescription)
            XCTAssertEqual("\(error)", String(reflecting: error))
        }
    }

    /// The ways to print a value that show a canary.
    private func canaries(_ value: Any) -> [String] {
        var ways = ["description": "\(value)", "reflecting": String(reflecting: value)]
        var dumped = ""
        dump(value, to: &dumped)
        ways["dump"] = dumped
        if let error = value as? any Error {
            ways["localizedDescription"] = error.localizedDescription
            ways["NSError"] = "\(error as NSError)"
        }
        return ways.filter { $0.value.contains("canary") }.map(\.key)
    }
}
