import XCTest

@testable import B2CoreAuth

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What lies behind an error: the app's own error, and the reasons that the library knows.
final class CauseTests: AuthTestCase {
    func testWhatAStoreThrowsIsTheUnderlyingError() async throws {
        let calls: [(ClassStore.Call, String, @Sendable (AuthClient) async throws -> Void)] = [
            (.load, "session/", { _ = try await $0.session(.front) }),
            (.load, "pending/", { _ = try await $0.resumeSignIn(.front) }),
            (.names, "", { _ = try await $0.accounts() }),
            (.remove, "session/", { _ = try await $0.signOut(.front) }),
        ]
        for (call, name, make) in calls {
            let world = try World()
            _ = try await world.signedIn()
            let thrown = Own()
            world.store.when { its, of in
                if its == call, of.hasPrefix(name) { throw thrown }
                return nil
            }
            let client = try AuthClient(
                host: "https://broker.example", store: .custom(world.store), transport: .custom(world.host))
            let error = try await refused { try await make(client) }
            guard case .storeFailed = error else { return XCTFail("\(error)") }
            XCTAssertTrue(error.underlyingError as? Own === thrown, "\(call) \(name)")
            assertHidden(error)
        }
    }

    func testWhatKeepsASessionFromBeingSavedIsTheUnderlyingError() async throws {
        let world = try World()
        let form = try await world.atCredentials()
        let thrown = Own()
        world.store.when { call, name in
            if call == .save, name.hasPrefix("session/") { throw thrown }
            return nil
        }
        world.host.next(.ok(Bodies.pair))
        let error = try await refused { try await form.submit(email: World.email, password: World.password) }
        guard case .notSaved = error else { return XCTFail("\(error)") }
        XCTAssertTrue(error.underlyingError as? Own === thrown)
        assertHidden(error)
    }

    func testWhatALockThrowsIsTheUnderlyingError() async throws {
        let thrown = Own()
        let store = StoreChoice.custom(ClassStore(), processLock: BrokenLock(error: thrown))
        let host = FakeHost(.ok(Bodies.wizard), .ok(Bodies.pair))
        let client = try AuthClient(host: "https://broker.example", store: store, transport: .custom(host))
        let error = try await refused {
            try await client.signIn(.front).opened().submit(email: World.email, password: World.password)
        }
        XCTAssertTrue(error.underlyingError as? Own === thrown, "\(error)")
        assertHidden(error)
    }

    func testAStoreThatIsUnavailableSaysWhy() async throws {
        let world = try World()
        let thrown = Own()
        world.store.when { _, _ in throw StoreFailure(.unavailable, because: thrown) }
        let error = try await refused { try await world.client.session(.front) }
        guard case .storeUnavailable = error else { return XCTFail("\(error)") }
        XCTAssertTrue(error.underlyingError as? Own === thrown)
        assertHidden(error)
        world.store.when { _, _ in throw StoreError.unavailable }
        let silent = try await refused { try await world.client.session(.front) }
        XCTAssertNil(silent.underlyingError)
        XCTAssertEqual(error, silent, "they differ in what lies behind them only")
        XCTAssertEqual(error, .storeUnavailable())
        XCTAssertEqual(error.hashValue, silent.hashValue)
    }

    func testWhatATransportThrowsIsTheUnderlyingError() async throws {
        let thrown = Own()
        let failing: [(any Error, NetworkProblem)] = [
            (thrown, .failed), (TransportError.network(.timedOut, cause: FailureCause(thrown)), .timedOut),
        ]
        for (error, problem) in failing {
            let lost = try await lost(error)
            guard case .network(problem, _, _) = lost else { return XCTFail("\(lost)") }
            XCTAssertTrue(lost.underlyingError as? Own === thrown)
            assertHidden(lost)
        }
        let url = try await lost(URLError(.timedOut))
        XCTAssertEqual((url.underlyingError as? URLError)?.code, .timedOut)
        let cancelled = try await lost(CancellationError())
        XCTAssertTrue(cancelled.underlyingError is CancellationError)
        let declared = try await lost(TransportError.network(.interrupted))
        XCTAssertNil(declared.underlyingError)
        let client = try AuthClient(
            host: "http://127.0.0.1:\(closedPort())", store: .custom(ClassStore()), transport: .custom(URLSessionTransport()))
        let offline = try await refused { try await client.signIn(.front).opened() }
        XCTAssertTrue(offline.underlyingError is URLError, "\(offline.reasons)")
    }

    func testAHerdGetsTheUnderlyingErrorEach() async throws {
        let world = try World()
        let thrown = Own()
        world.store.when { _, _ in throw thrown }
        let herd = (0..<10).map { _ in Task { try await refused { try await world.client.session(.front) } } }
        for one in herd {
            let error = try await one.value
            XCTAssertTrue(error.underlyingError as? Own === thrown)
        }
        // Where all of them get the failure of one call.
        let number = Thrown.keep(thrown)
        for _ in 0..<10 {
            let reasons = Raw.Reasons(texts: [], thrown: number)
            let error = AuthError(Raw.AuthError.Network(problem: .failed, correlationId: nil, reasons: reasons))
            XCTAssertTrue(error?.underlyingError as? Own === thrown)
        }
    }

    func testAnErrorThatMadeRoomForOthersIsGoneAndTheRestIsTheSame() async throws {
        let world = try World()
        let session = try await world.signedIn()
        world.host.next(.fail(Own()))
        // That a refresh has failed is written after its error was thrown.
        world.store.when { call, name in
            if call == .save, name.hasPrefix("session/") {
                for _ in 0..<Thrown.most { _ = Thrown.keep(NotScripted(url: "")) }
            }
            return nil
        }
        let lost = try await refused { try await session.refresh() }
        guard case .network(.failed, _, _) = lost else { return XCTFail("\(lost)") }
        XCTAssertNil(lost.underlyingError)
        XCTAssertEqual(lost.reasons, ["the app's own transport failed"])
    }

    func testTheReasonNamesWhatRefusedAndWhatWasNotFound() async throws {
        let port = try closedPort()
        let refusing = try AuthClient(host: "http://127.0.0.1:\(port)", store: .memory)
        let noAnswer = try await refused { try await refusing.signIn(.front).opened() }
        XCTAssertEqual(noAnswer.reason, "connection refused by 127.0.0.1:\(port)")
        XCTAssertGreaterThan(noAnswer.reasons.count, 1)
        // A name that can be nobody's (RFC 6761).
        let unknown = try AuthClient(host: "https://nobody.invalid", store: .memory)
        let notFound = try await refused { try await unknown.signIn(.front).opened() }
        // A system without certificates comes no further than to its trust store.
        let reasons = ["name not found: nobody.invalid", "the trust store cannot be loaded"]
        XCTAssertTrue(reasons.contains(notFound.reason ?? ""), "\(notFound.reasons)")
        guard case .network(.unreachable, _, _) = noAnswer else { return XCTFail("\(noAnswer)") }
        for error in [noAnswer, notFound] { XCTAssertNil(error.underlyingError) }
        XCTAssertNil(AuthError.notSignedIn.reason)
    }

    func testTheReasonNamesTheFile() async throws {
        let client = try AuthClient(host: "https://broker.example", store: .file(path: "/dev/null/session"))
        let error = try await refused { try await client.session(.front) }
        guard case .storeFailed(_, let problem, _) = error else { return XCTFail("\(error)") }
        XCTAssertEqual(error.reason, problem)
        XCTAssertTrue(problem.contains("/dev/null"), problem)
    }

    private func lost(_ thrown: any Error) async throws -> AuthError {
        let world = try World()
        let form = try await world.atCredentials()
        world.host.next(.fail(thrown))
        return try await refused { try await form.submit(email: World.email, password: World.password) }
    }

    /// Nothing that prints shows what the app threw.
    private func assertHidden(_ error: AuthError, line: UInt = #line) {
        var dumped = ""
        dump(error, to: &dumped)
        let texts =
            ["\(error)", String(reflecting: error), error.localizedDescription, "\(error as NSError)", dumped]
            + ["\((error as NSError).userInfo)"] + error.reasons
        for text in texts { XCTAssertFalse(text.contains("marker"), text, line: line) }
        XCTAssertTrue(error.underlyingError.map { "\($0)".contains("marker") } ?? false, line: line)
    }

    private func closedPort() throws -> UInt16 {
        let server = try LoopbackServer { _ in .say("") }
        server.stop()
        return server.port
    }
}

private final class Own: Error, CustomStringConvertible {
    let description = "marker"
}

private struct BrokenLock: ProcessLock {
    let error: Own

    func tryLock(name: String) async throws -> Bool { throw error }

    func unlock(name: String) async {}
}
