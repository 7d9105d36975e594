import B2CoreAuth
import B2CoreAuthTesting
import XCTest

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What a 401 leads to, and a token that has expired.
final class RequestRefreshTests: XCTestCase {
    func testA401LeadsToOneRefreshAndOneRetry() async throws {
        let scene = try await Scene()
        let old = try await scene.rejectedToken()
        let status = try await scene.get("/orders") {
            $0.httpMethod = "POST"
            $0.httpBody = Data("buy".utf8)
        }
        XCTAssertEqual(status, 200)
        let new = try await scene.token()
        XCTAssertEqual(scene.api.tokens("/orders"), [old, new])
        XCTAssertEqual(scene.api.seen.map(\.body), ["buy", "buy"])
        XCTAssertEqual(scene.refreshes, 1)
    }

    func testASecond401ReachesTheCaller() async throws {
        let scene = try await Scene()
        scene.ageToken()
        scene.api.rejectAll()
        // The second token is old enough to be replaced too.
        let clock = scene.host.clock
        scene.api.beforeTheAnswer { clock.advance(by: 5 * 60) }
        let status = try await scene.get("/orders")
        XCTAssertEqual(status, 401)
        XCTAssertEqual(scene.api.tokens("/orders").count, 2)
        XCTAssertEqual(Set(scene.api.tokens("/orders")).count, 2)
        XCTAssertEqual(scene.refreshes, 1)
    }

    func testATokenThatWasJustIssuedIsNotReplaced() async throws {
        let scene = try await Scene()
        scene.api.rejectAll()
        let status = try await scene.get("/orders")
        XCTAssertEqual(status, 401)
        XCTAssertEqual(scene.api.tokens("/orders").count, 1)
        XCTAssertEqual(scene.refreshes, 0)
    }

    func testATokenThatHasExpiredIsRefreshedFirst() async throws {
        let scene = try await Scene()
        let before = try await scene.get("/orders")
        XCTAssertEqual(before, 200)
        scene.host.advance(by: 16 * 60)
        let status = try await scene.get("/later")
        XCTAssertEqual(status, 200)
        let token = try await scene.token()
        XCTAssertEqual(scene.api.tokens("/later"), [token])
        XCTAssertEqual(scene.refreshes, 1)
    }

    func testATokenThatWasReplacedMeanwhileIsUsed() async throws {
        let scene = try await Scene()
        let old = try await scene.rejectedToken()
        let (session, done) = (scene.session, Signal())
        let refreshed = DispatchSemaphore(value: 0)
        scene.api.beforeTheAnswer {
            Task {
                try await session.refresh()
                refreshed.signal()
                done.give()
            }
            refreshed.wait()
        }
        let status = try await scene.get("/orders")
        XCTAssertEqual(status, 200)
        try await done.wait()
        let new = try await scene.token()
        XCTAssertEqual(scene.api.tokens("/orders"), [old, new])
        XCTAssertEqual(scene.refreshes, 1)
    }

    func testABodyThatCanBeSentOnceIsSentOnce() async throws {
        let scene = try await Scene()
        let old = try await scene.rejectedToken()
        func upload(_ text: String) async throws -> Int? {
            try await scene.get("/upload") {
                $0.httpMethod = "POST"
                $0.setValue("\(text.utf8.count)", forHTTPHeaderField: "Content-Length")
                $0.httpBodyStream = InputStream(data: Data(text.utf8))
            }
        }
        let first = try await upload("all of it")
        XCTAssertEqual(first, 401)
        XCTAssertEqual(scene.api.tokens("/upload"), [old])
        // The next one goes through.
        let second = try await upload("again")
        XCTAssertEqual(second, 200)
        XCTAssertEqual(scene.refreshes, 1)
    }

    func testASignOutInBetweenTakesTheTokenAway() async throws {
        let scene = try await Scene()
        let before = try await scene.get("/before")
        XCTAssertEqual(before, 200)
        try await scene.client.signOut(.front)
        let after = try await scene.get("/after")
        XCTAssertEqual(after, 401)
        XCTAssertEqual(scene.api.tokens("/after"), [nil])
    }

    func testARequestIsNotSentAgainAsAnotherUser() async throws {
        let scene = try await Scene()
        let first = try await scene.rejectedToken()
        let (host, client) = (scene.host, scene.client)
        let signedIn = DispatchSemaphore(value: 0)
        scene.api.beforeTheAnswer {
            Task {
                try await client.signOut(.front)
                try await host.signIn(client, as: Host.sms)
                signedIn.signal()
            }
            signedIn.wait()
        }
        let status = try await scene.get("/orders")
        XCTAssertEqual(status, 401)
        XCTAssertEqual(scene.api.tokens("/orders"), [first])
        let next = try await scene.get("/next")
        XCTAssertEqual(next, 401)
        XCTAssertEqual(scene.api.tokens("/next"), [nil])
    }

    func testAHostThatIsDownDuringTheRefreshIsTypedAndKeepsTheSession() async throws {
        let scene = try await Scene()
        _ = try await scene.rejectedToken()
        try scene.host.fault("refresh:drop=before")
        let error = try await refused { try await scene.get("/orders") }
        guard case .network = error else { return XCTFail("\(error)") }
        scene.host.clearFaults()
        scene.client.networkChanged()
        let status = try await scene.get("/orders")
        XCTAssertEqual(status, 200)
    }

    func testAHostThatIsDownWhenTheTokenHasExpiredIsTypedAndKeepsTheSession() async throws {
        let scene = try await Scene()
        scene.host.advance(by: 16 * 60)
        try scene.host.fault("refresh:drop=before")
        let error = try await refused { try await scene.get("/orders") }
        guard case .network = error else { return XCTFail("\(error)") }
        XCTAssertEqual(scene.api.seen.count, 0)
        scene.host.clearFaults()
        scene.client.networkChanged()
        let status = try await scene.get("/orders")
        XCTAssertEqual(status, 200)
    }

    func testASessionThatTheHostEndsReachesTheCallerAs401() async throws {
        let scene = try await Scene()
        let old = try await scene.rejectedToken()
        scene.host.endSessions(Host.plain)
        let status = try await scene.get("/orders")
        XCTAssertEqual(status, 401)
        // The next request is not sent: the session says that it has ended.
        let error = try await refused { try await scene.get("/orders") }
        guard case .sessionEnded = error else { return XCTFail("\(error)") }
        XCTAssertEqual(scene.api.tokens("/orders"), [old])
    }

    func testASessionThatEndsBeforeTheRequestIsTyped() async throws {
        let scene = try await Scene()
        scene.host.advance(by: 16 * 60)
        scene.host.endSessions(Host.plain)
        for _ in 0..<2 {
            let error = try await refused { try await scene.get("/orders") }
            guard case .sessionEnded = error else { return XCTFail("\(error)") }
        }
        XCTAssertEqual(scene.api.seen.count, 0)
    }

    func testCancellingEndsTheWaitAndNotTheRefresh() async throws {
        let gate = RefreshGate()
        let scene = try await Scene(transport: .custom(gate))
        let old = try await scene.rejectedToken()
        let request = Task { try await scene.get("/orders") }
        try await gate.arrived.wait()
        request.cancel()
        do {
            _ = try await request.value
            XCTFail("it was answered")
        } catch is CancellationError {}
        gate.opened.give()
        try await scene.session.waitForRefresh()
        let new = try await scene.token()
        XCTAssertNotEqual(new, old)
        XCTAssertEqual(scene.refreshes, 1)
    }

    func testCancellingEndsTheRequest() async throws {
        let scene = try await Scene()
        let answered = DispatchSemaphore(value: 0)
        scene.api.beforeTheAnswer { answered.wait() }
        let request = Task { try await scene.get("/orders") }
        await until { scene.api.seen.count == 1 }
        request.cancel()
        do {
            _ = try await request.value
            XCTFail("it was answered")
        } catch is CancellationError {}
        answered.signal()
    }

    func testManyRequestsWithARejectedTokenRefreshOnce() async throws {
        let scene = try await Scene()
        _ = try await scene.rejectedToken()
        let statuses = try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<100 { group.addTask { try await scene.get("/orders") } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        XCTAssertEqual(statuses, [200])
        XCTAssertEqual(scene.refreshes, 1)
    }
}
