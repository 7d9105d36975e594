import B2CoreAuth
import XCTest

/// A sign-in whose process is killed while the user is away to fetch the code.
final class ResumeTests: AuthTestCase {
    func testStepResumesInANewProcess() async throws {
        let sandbox = try sandbox()
        let store = try folder().appendingPathComponent("store").path
        let process = Process()
        process.executableURL = Places.built.appendingPathComponent("PendingSignIn")
        process.arguments = [sandbox.host, store, "totp@example.com", Sandbox.password]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        let said = output.fileHandleForReading.availableData
        XCTAssertEqual(String(decoding: said, as: UTF8.self), "code for totp@example.com\n")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        XCTAssertEqual(process.terminationReason, .uncaughtSignal)

        let client = try AuthClient(host: sandbox.host, store: .file(path: store, passphrase: nil))
        let signIn = try await client.resumeSignIn(.front)
        let step = try XCTUnwrap(signIn).current.code
        XCTAssertEqual(step.account, "totp@example.com")
        let session = try await step.submit(code: authenticatorCode(Sandbox.totpSecret)).session
        XCTAssertEqual(session.account, "totp@example.com")
        let pending = try await client.resumeSignIn(.front)
        XCTAssertNil(pending)
    }

    func testGivingUpRemovesThePendingStep() async throws {
        let world = try World()
        let signIn = try await world.walk(.ok(Bodies.wizard), .ok(Bodies.code))
        let pending = try await world.client.resumeSignIn(.front)
        XCTAssertEqual(pending?.current.name, "code")
        try await signIn.giveUp()
        let gone = try await world.client.resumeSignIn(.front)
        XCTAssertNil(gone)
    }

    func testAKeptStepKnowsWhoseItIs() async throws {
        let world = try World()
        let signIn = try await world.walk(.ok(Bodies.wizard))
        signIn.noteAccount(World.email)
        try await signIn.keep()
        let pending = try await world.client.resumeSignIn(.front)
        XCTAssertEqual(try pending?.current.credentials.account, World.email)
    }
}
