import B2CoreAuth
import B2CoreAuthTesting
import XCTest

/// The whole client on this store, at a whole host. Each client is one of an app that was started anew.
final class ClientTests: KeychainTestCase {
    private func client(_ sandbox: Sandbox) throws -> AuthClient {
        try sandbox.client(store: .custom(store()))
    }

    private func state(_ sandbox: Sandbox) async throws -> AuthState? {
        let client = try client(sandbox)
        for await change in client.authStateChanges(.front) { return change.state }
        return nil
    }

    func testASessionOutlivesTheApp() async throws {
        let sandbox = try Sandbox()
        let token = try await sandbox.signIn(client(sandbox)).accessToken().value
        let kept = try await client(sandbox).session(.front)
        let session = try XCTUnwrap(kept)
        let same = try await session.accessToken().value
        XCTAssertEqual(same, token)
        try await session.refresh()
        let newer = try await client(sandbox).session(.front)?.accessToken()
        let fresh = try XCTUnwrap(newer)
        XCTAssertNotEqual(fresh.value, token)
        XCTAssertEqual(sandbox.owner(of: fresh), Sandbox.plain)
        try await client(sandbox).signOut(.front)
        let gone = try await client(sandbox).session(.front)
        XCTAssertNil(gone)
        let state = try await state(sandbox)
        XCTAssertEqual(state, .signedOut)
        XCTAssertNil(sandbox.owner(of: fresh))
        XCTAssertEqual(newFaults(), [])
        XCTAssertEqual(records.filter { !$0.hasPrefix("attempts/") }, [])
    }

    func testAPendingStepOutlivesTheApp() async throws {
        let sandbox = try Sandbox()
        guard case .start(let start) = try client(sandbox).signIn(.front).current,
            case .credentials(let form) = try await start.open(),
            case .code = try await form.submit(email: Sandbox.sms, password: Sandbox.password)
        else { return XCTFail() }
        let resumed = try await client(sandbox).resumeSignIn(.front)
        guard case .code(let step) = resumed?.current else { return XCTFail() }
        let sent = try XCTUnwrap(sandbox.lastCode(Sandbox.sms))
        guard case .signedIn = try await step.submit(code: sent) else { return XCTFail() }
        let session = try await client(sandbox).session(.front)
        XCTAssertEqual(session?.account, Sandbox.sms)
    }

    func testTwoClientsOfOneKeychainRefreshOnce() async throws {
        let sandbox = try Sandbox()
        try await sandbox.signIn(client(sandbox))
        var sessions: [Session] = []
        for _ in 0..<8 {
            let session = try await client(sandbox).session(.front)
            sessions.append(try XCTUnwrap(session))
        }
        sandbox.advance(by: 16 * 60)
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for session in sessions { group.addTask { try await session.accessToken().value } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        XCTAssertEqual(tokens.count, 1)
        XCTAssertEqual(sandbox.requestCount(to: "/refresh"), 1)
    }

    func testWhatPassesSignsNobodyOut() async throws {
        let sandbox = try Sandbox()
        try await sandbox.signIn(client(sandbox))
        let troubles: [() -> Void] = [
            { [keychain] in keychain.set(.locked) }, { [keychain] in keychain.set(.lockedAndEmpty) },
            { [keychain] in keychain.when { _, _ in .missingEntitlement } },
            { [keychain] in keychain.when { _, _ in .notAvailable } },
        ]
        for trouble in troubles {
            trouble()
            let state = try await state(sandbox)
            XCTAssertEqual(state, .unavailable)
            do {
                _ = try await client(sandbox).session(.front)
                XCTFail("it can be read")
            } catch let error as AuthError {
                guard case .storeUnavailable = error else { return XCTFail("\(error)") }
                XCTAssertTrue(error.underlyingError is KeychainFault, "\(error.reasons)")
            }
            keychain.set(.open)
            keychain.when(nil)
            let back = try await self.state(sandbox)
            XCTAssertEqual(back, .signedIn(account: Sandbox.plain))
        }
    }

    func testABrokenItemAsksForANewSignIn() async throws {
        let sandbox = try Sandbox()
        try await sandbox.signIn(client(sandbox))
        keychain.damage(KeychainTestCase.service)
        let state = try await state(sandbox)
        XCTAssertEqual(state, .signedOut)
        try await sandbox.signIn(client(sandbox))
        let again = try await self.state(sandbox)
        XCTAssertEqual(again, .signedIn(account: Sandbox.plain))
    }

    /// Bytes that the Keychain gives and that are no record are the library's matter, as in every store.
    func testAnItemOfOtherBytesAsksForANewSignIn() async throws {
        let sandbox = try Sandbox()
        try await sandbox.signIn(client(sandbox))
        let record = try XCTUnwrap(records.first { $0.hasPrefix("session/") })
        keychain.put(KeychainTestCase.service, record, .init(data: Data("other".utf8)))
        _ = try? await client(sandbox).session(.front)
        try await sandbox.signIn(client(sandbox))
        let again = try await state(sandbox)
        XCTAssertEqual(again, .signedIn(account: Sandbox.plain))
    }

    func testAFullDiskKeepsNobodyFromSigningOut() async throws {
        let sandbox = try Sandbox()
        try await sandbox.signIn(client(sandbox))
        keychain.when { call, _ in call == .add || call == .update ? .diskFull : nil }
        _ = try? await client(sandbox).signOut(.front)
        XCTAssertEqual(records.filter { $0.hasPrefix("session/") }, [])
        let state = try await state(sandbox)
        XCTAssertEqual(state, .signedOut)
    }

    func testAFullDiskIsNotSavedAndSignsNobodyOut() async throws {
        let sandbox = try Sandbox()
        try await sandbox.signIn(client(sandbox))
        let session = try await client(sandbox).session(.front)
        keychain.when { call, query in
            (call == .add || call == .update) && query.account?.hasPrefix("session/") == true ? .diskFull : nil
        }
        do {
            try await XCTUnwrap(session).refresh()
            XCTFail("it was refreshed")
        } catch is AuthError {}
        keychain.when(nil)
        let state = try await state(sandbox)
        XCTAssertEqual(state, .signedIn(account: Sandbox.plain))
    }
}
