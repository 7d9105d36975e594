import B2CoreAuth
import XCTest

/// A sign-in whose process is killed while the user is away to fetch the code.
final class ResumeTests: AuthTestCase {
    func testStepResumesInANewProcess() async throws {
        let sandbox = try sandbox()
        let store = try folder().appendingPathComponent("store").path
        let output = try outputBeforeTheKill(sandbox, store, "totp@example.com")
        XCTAssertEqual(output, "code for totp@example.com\n")

        let client = try AuthClient(host: sandbox.host, store: .file(path: store, passphrase: nil))
        let signIn = try await client.resumeSignIn(.front)
        let step = try XCTUnwrap(signIn).current.code
        XCTAssertEqual(step.account, "totp@example.com")
        let session = try await step.submit(code: authenticatorCode(Sandbox.totpSecret)).session
        XCTAssertEqual(session.account, "totp@example.com")
        let pending = try await client.resumeSignIn(.front)
        XCTAssertNil(pending)
    }

    func testSessionOutlivesItsProcess() async throws {
        let sandbox = try sandbox()
        let store = try folder().appendingPathComponent("store").path
        let output = try outputBeforeTheKill(sandbox, store, "plain@example.com")
        let client = try AuthClient(host: sandbox.host, store: .file(path: store, passphrase: nil))
        let state = await client.authStateChanges(.front).first { _ in true }
        XCTAssertEqual(state, StateChange(state: .signedIn(account: "plain@example.com"), reason: .stored))
        let kept = try await client.session(.front)
        let session = try XCTUnwrap(kept)
        let token = try await session.accessToken()
        XCTAssertEqual(output, "signed in with \(token.value)\n")
        try await session.refresh()
        let refreshed = try await session.accessToken()
        let owner = try await sandbox.owner(of: refreshed)
        XCTAssertEqual(owner, "plain@example.com")
    }

    /// What the app prints before it is killed.
    private func outputBeforeTheKill(_ sandbox: Sandbox, _ store: String, _ email: String) throws -> String {
        let process = Process()
        process.executableURL = Places.built.appendingPathComponent("PendingSignIn")
        process.arguments = [sandbox.host, store, email, Sandbox.password]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        let printed = output.fileHandleForReading.availableData
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        XCTAssertEqual(process.terminationReason, .uncaughtSignal)
        return String(decoding: printed, as: UTF8.self)
    }

    func testAbandonRemovesThePendingStep() async throws {
        let world = try World()
        let signIn = try await world.walk(.ok(Bodies.wizard), .ok(Bodies.code))
        let pending = try await world.client.resumeSignIn(.front)
        XCTAssertEqual(pending?.current.name, "code")
        try await signIn.abandon()
        let gone = try await world.client.resumeSignIn(.front)
        XCTAssertNil(gone)
    }

    func testASavedStepHasItsAccount() async throws {
        let world = try World()
        let signIn = try await world.walk(.ok(Bodies.wizard))
        signIn.setAccount(World.email)
        try await signIn.save()
        let pending = try await world.client.resumeSignIn(.front)
        XCTAssertEqual(try pending?.current.credentials.account, World.email)
    }
}
