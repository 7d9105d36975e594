import B2CoreAuth
import Foundation
import XCTest

/// Tests with a folder and sandboxes of their own, which go when the test ends.
class AuthTestCase: XCTestCase {
    func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        addTeardownBlock { try? FileManager.default.removeItem(at: folder) }
        return folder
    }

    func sandbox(_ arguments: String...) throws -> Sandbox {
        let arguments = arguments.contains("--limits") ? arguments : arguments + ["--limits", "off"]
        let sandbox = try Sandbox(arguments, folder: folder())
        addTeardownBlock { sandbox.stop() }
        return sandbox
    }

    /// A client of the sandbox, with a store of its own unless one is given.
    func client(_ sandbox: Sandbox, _ store: ClassStore = ClassStore()) throws -> AuthClient {
        try AuthClient(host: sandbox.host, store: .custom(store))
    }

    /// The session that another client finds in the store.
    func kept(_ sandbox: Sandbox, _ store: ClassStore) async throws -> Session {
        let session = try await client(sandbox, store).session(.front)
        return try XCTUnwrap(session)
    }

    /// The same, to which its tokens are so many seconds older.
    func aged(_ sandbox: Sandbox, _ store: ClassStore, by seconds: TimeInterval) async throws -> Session {
        store.age(by: seconds)
        return try await kept(sandbox, store)
    }

    /// A client of the sandbox, and a sign-in at its credentials.
    func credentials(
        _ sandbox: Sandbox, _ office: Office = .front, store: StoreChoice = .memory,
        transport: TransportChoice = .bundled
    ) async throws -> (client: AuthClient, signIn: SignIn, step: CredentialsStep) {
        let client = try AuthClient(host: sandbox.host, store: store, transport: transport)
        let signIn = client.signIn(office)
        return (client, signIn, try await signIn.opened())
    }
}

extension SignIn {
    /// The credentials step, with the wizard opened where there is one.
    func opened() async throws -> CredentialsStep {
        if case .start(let start) = current { return try await start.open().credentials }
        return try current.credentials
    }
}

extension AuthClient {
    /// Signs in where no second factor is wanted.
    func signedIn() async throws -> Session {
        let form = try await signIn(.front).opened()
        return try await form.submit(email: "plain@example.com", password: Sandbox.password).session
    }
}

/// Runs a call that has to throw an `AuthError`.
func refused<T>(
    _ call: () async throws -> T, file: StaticString = #filePath, line: UInt = #line
) async throws -> AuthError {
    do {
        let result = try await call()
        XCTFail("it gave \(result)", file: file, line: line)
    } catch let error as AuthError {
        return error
    }
    throw NotThere(wanted: "an AuthError", there: "a result")
}

/// Polls until the condition holds. The deadline only ends a test that hangs: no test depends on it.
func until(_ come: () -> Bool, file: StaticString = #filePath, line: UInt = #line) async {
    let deadline = Date(timeIntervalSinceNow: 300)
    while !come() {
        guard Date() < deadline else { return XCTFail("it did not come", file: file, line: line) }
        await Task.yield()
    }
}
