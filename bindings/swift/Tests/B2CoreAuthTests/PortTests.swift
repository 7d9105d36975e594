import B2CoreAuth
import XCTest

/// Stores and transports that are written in Swift.
final class PortTests: AuthTestCase {
    func testStoreWrittenInSwiftServesRust() async throws {
        let sandbox = try sandbox()
        let classStore = ClassStore()
        try await serves(.custom(classStore), sandbox)
        XCTAssertEqual(classStore.kept.filter { !$0.hasPrefix("attempts/") }, [])
        let actorStore = ActorStore()
        try await serves(.custom(actorStore), sandbox)
        let names = await actorStore.records.keys
        XCTAssertEqual(names.filter { !$0.hasPrefix("attempts/") }, [])
    }

    private func serves(_ store: StoreChoice, _ sandbox: Sandbox) async throws {
        let (_, _, form) = try await credentials(sandbox, store: store)
        let code = try await form.submit(email: "sms@example.com", password: Sandbox.password).code
        // Another client finds the pending step, and then the session.
        let other = try AuthClient(host: sandbox.host, store: store)
        let resumed = try await other.resumeSignIn(.front)
        XCTAssertEqual(try resumed?.current.code.account, code.account)
        let sent = try await sandbox.sentCode("sms@example.com")
        let token = try await code.submit(code: sent).session.accessToken().value
        let session = try await other.session(.front)
        let same = try await session?.accessToken().value
        XCTAssertEqual(same, token)
        let signedOut = try await other.signOut(.front)
        XCTAssertEqual(signedOut.revocation, .revoked)
        let gone = try await other.session(.front)
        XCTAssertNil(gone)
    }

    func testLockBetweenProcessesIsHeldDuringARefreshAndGivenBack() async throws {
        let sandbox = try sandbox()
        let lock = Lock()
        let store = ActorStore()
        let (_, _, form) = try await credentials(sandbox, store: .custom(store, processLock: lock))
        let session = try await form.submit(email: "plain@example.com", password: Sandbox.password).session
        await lock.begin()
        try await session.refresh()
        let (asked, taken) = await (lock.asked, lock.taken)
        XCTAssertGreaterThan(asked, 1, "it was asked for again")
        XCTAssertTrue(taken.contains { $0.hasPrefix("session/") }, "\(taken)")
        _ = try await session.signOut()
        while await !lock.held.isEmpty { await Task.yield() }
        let choice = StoreChoice.custom(store, processLock: BrokenLock())
        let (broken, _, again) = try await credentials(sandbox, store: choice)
        let error = try await refused {
            try await again.submit(email: "plain@example.com", password: Sandbox.password)
        }
        XCTAssertFalse("\(error)".contains("canary"))
        broken.networkChanged()
    }

    func testTransportWrittenInSwiftServesRust() async throws {
        let sandbox = try sandbox()
        let transport = TransportChoice.custom(URLSessionTransport())
        let (_, _, form) = try await credentials(sandbox, transport: transport)
        let wrong = try await refused { try await form.submit(email: "totp@example.com", password: "wrong") }
        guard case .wrongCredentials = wrong else { return XCTFail("\(wrong)") }
        let step = try await form.submit(email: "totp@example.com", password: Sandbox.password).code
        let session = try await step.submit(code: authenticatorCode(Sandbox.totpSecret)).session
        try await session.refresh()
        let signedOut = try await session.signOut()
        XCTAssertEqual(signedOut.revocation, .revoked)
    }

    func testUnexpectedExceptionArrivesTyped() async throws {
        struct Odd: Error, CustomStringConvertible { var description: String { "canary" } }
        let world = try World()
        let form = try await world.atCredentials()
        world.host.next(.fail(Odd()))
        let network = try await refused {
            try await form.submit(email: World.email, password: World.password)
        }
        guard case .network(.failed, _, _) = network else { return XCTFail("\(network)") }
        XCTAssertFalse("\(network)".contains("canary"))
        world.store.when { _, _ in throw Odd() }
        let store = try await refused { try await world.client.session(.front) }
        guard case .storeFailed = store else { return XCTFail("\(store)") }
        XCTAssertFalse("\(store)".contains("canary"))
    }

    func testUnavailableIsNotSignedOut() async throws {
        let world = try World()
        _ = try await world.signedIn()
        let answers: [@Sendable (ClassStore.Call, String) throws -> LoadResult?] = [
            { _, _ in .unavailable }, { _, _ in throw StoreError.unavailable },
        ]
        for locked in answers {
            world.store.when(locked)
            let error = try await refused { try await world.client.session(.front) }
            guard case .storeUnavailable = error else { return XCTFail("\(error)") }
            XCTAssertEqual(error.recovery, .retry(after: nil))
            let pending = try await refused { try await world.client.resumeSignIn(.front) }
            guard case .storeUnavailable = pending else { return XCTFail("\(pending)") }
        }
        world.store.when(nil)
        let session = try await world.client.session(.front)
        XCTAssertEqual(session?.account, World.email)
    }
}

/// A lock between processes; the first time that it is asked for a session's, another process holds it.
private actor Lock: ProcessLock {
    private(set) var held: Set<String> = []
    private(set) var taken: Set<String> = []
    private(set) var asked = 1

    func begin() {
        asked = 0
    }

    func tryLock(name: String) async throws -> Bool {
        if name.hasPrefix("session/") {
            asked += 1
            if asked == 1 { return false }
        }
        taken.insert(name)
        return held.insert(name).inserted
    }

    func unlock(name: String) async {
        XCTAssertNotNil(held.remove(name))
    }
}

private final class BrokenLock: ProcessLock {
    struct Odd: Error, CustomStringConvertible { var description: String { "canary" } }

    func tryLock(name: String) async throws -> Bool { throw Odd() }

    func unlock(name: String) async {}
}
