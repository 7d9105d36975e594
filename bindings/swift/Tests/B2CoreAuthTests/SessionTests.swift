import B2CoreAuth
import XCTest

/// Sessions against hosts that work and hosts that fail. The sandbox's access tokens are valid for 15 minutes.
final class SessionTests: AuthTestCase {
    func testARefreshThatFailsKeepsTheSession() async throws {
        let sandbox = try sandbox()
        let client = try AuthClient(host: sandbox.host, limits: AttemptLimits(refresh: 0), store: .memory)
        let session = try await client.signedIn()
        let token = try await session.accessToken().value
        for fault in ["status=503", "html=200", "html=401", "drop=before", "garbage", "redirect=302,to=/"] {
            try await sandbox.fault("refresh:\(fault)")
            let error = try await refused { try await session.refresh() }
            XCTAssertNotEqual(error.recovery, .signInAgain, fault)
            let same = try await session.accessToken().value
            XCTAssertEqual(same, token, fault)
            let state = await client.authStateChanges(.front).first { _ in true }?.state
            XCTAssertEqual(state, .signedIn(account: "plain@example.com"), fault)
            try await sandbox.clearFaults()
        }
        try await session.refresh()
        let refreshed = try await session.accessToken().value
        XCTAssertNotEqual(refreshed, token)
    }

    func testTheHosts401EndsTheSession() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        let client = try client(sandbox, store)
        let session = try await client.signedIn()
        try await sandbox.fault(#"refresh:status=401,body={"error":{"code":0%2C"message":"No"}}"#)
        for call in [{ try await session.refresh() }, { _ = try await session.accessToken() }] {
            let error = try await refused(call)
            guard case .sessionEnded = error else { return XCTFail("\(error)") }
        }
        XCTAssertNil(session.cachedAccessToken())
        let none = try await client.session(.front)
        XCTAssertNil(none)
        XCTAssertEqual(store.kept.filter { $0.hasPrefix("session/") }, [])
    }

    func testARefusalKeepsTheRecord() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        let session = try await client(sandbox, store).signedIn()
        let token = try await session.accessToken().value
        try await sandbox.fault(#"refresh:status=400,times=1,body={"error":{"message":"Not today"}}"#)
        let error = try await refused { try await session.refresh() }
        guard case .reauthenticationRequired(let serverMessage, _) = error else { return XCTFail("\(error)") }
        XCTAssertEqual(serverMessage.lines, ["Not today"])
        let same = try await session.accessToken().value
        XCTAssertEqual(same, token)
        let later = try await kept(sandbox, store)
        let kept = try await later.accessToken().value
        XCTAssertEqual(kept, token)
        // An explicit refresh is sent all the same.
        try await later.refresh()
        let refreshed = try await later.accessToken().value
        XCTAssertNotEqual(refreshed, token)
    }

    func testRetryAfterOfTheHostIsRespected() async throws {
        let sandbox = try sandbox()
        let session = try await client(sandbox).signedIn()
        try await sandbox.fault("refresh:status=503,retry_after=100")
        let failed = try await refused { try await session.refresh() }
        guard case .hostFailed(503, 100, _) = failed else { return XCTFail("\(failed)") }
        let backingOff = try await refused { try await session.refresh() }
        guard case .backingOff = backingOff else { return XCTFail("\(backingOff)") }
        let asked = try await sandbox.requests("/refresh")
        XCTAssertEqual(asked, 1)
    }

    func testARefreshOutlivesItsCaller() async throws {
        let world = try World()
        let session = try await world.signedIn()
        let hold = Hold()
        let refreshed = Bodies.pair.replacingOccurrences(of: "canary", with: "second")
        world.host.next(.hold(hold, then: .ok(refreshed)))
        let call = Task { try await session.refresh() }
        try await hold.arrived.wait()
        call.cancel()
        await assertCancelled(call)
        hold.release.give()
        try await world.client.waitForRefresh()
        let token = try await session.accessToken().value
        XCTAssertEqual(token, "second-access")
        let restarted = try AuthClient(
            host: "https://broker.example", store: .custom(world.store),
            transport: .custom(FakeHost()))
        let same = try await restarted.session(.front)?.accessToken().value
        XCTAssertEqual(same, token)
    }

    func testAnOfflineSignOutIsDeliveredLater() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        let client = try client(sandbox, store)
        let token = try await client.signedIn().accessToken()
        try await sandbox.fault("sign_out:drop=before")
        let signedOut = try await client.signOut(.front)
        XCTAssertEqual(signedOut.revocation, .pending)
        XCTAssertEqual(signedOut.cause, "interrupted")
        let none = try await client.session(.front)
        XCTAssertNil(none)
        var owner = try await sandbox.owner(of: token)
        XCTAssertEqual(owner, "plain@example.com")

        let restarted = try self.client(sandbox, store)
        var delivered = try await restarted.deliverPendingRevocations(.front)
        XCTAssertEqual(delivered, PendingRevocations(delivered: 0, pending: 1, cause: "interrupted"))
        try await sandbox.clearFaults()
        delivered = try await restarted.deliverPendingRevocations(.front)
        XCTAssertEqual(delivered, PendingRevocations(delivered: 1, pending: 0, cause: nil))
        delivered = try await restarted.deliverPendingRevocations(.front)
        XCTAssertEqual(delivered, PendingRevocations(delivered: 0, pending: 0, cause: nil))
        owner = try await sandbox.owner(of: token)
        XCTAssertNil(owner)
    }

    func testCachedAccessTokenNeverWaits() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        let session = try await client(sandbox, store).signedIn()
        let fresh = try await session.accessToken().value
        XCTAssertEqual(session.cachedAccessToken()?.value, fresh)
        // It expires soon: returned, and refreshed in the background.
        let stale = try await aged(sandbox, store, by: 890)
        XCTAssertEqual(stale.cachedAccessToken()?.value, fresh)
        try await stale.waitForRefresh()
        XCTAssertNotEqual(try XCTUnwrap(stale.cachedAccessToken()).value, fresh)
        // It has expired: not returned, and no refresh is started.
        let expired = try await aged(sandbox, store, by: 960)
        XCTAssertNil(expired.cachedAccessToken())
        try await expired.waitForRefresh()
        let asked = try await sandbox.requests("/refresh")
        XCTAssertEqual(asked, 1)
    }

    func testATokenCanBeAskedForWithAMinTtl() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        _ = try await client(sandbox, store).signedIn()
        let session = try await aged(sandbox, store, by: 600)
        let token = try await session.accessToken().value
        let enough = try await session.accessToken(minTtl: 240).value
        XCTAssertEqual(enough, token)
        var asked = try await sandbox.requests("/refresh")
        XCTAssertEqual(asked, 0)
        let longer = try await session.accessToken(minTtl: 360).value
        XCTAssertNotEqual(longer, token)
        asked = try await sandbox.requests("/refresh")
        XCTAssertEqual(asked, 1)
    }

    func testARejectedTokenIsReplacedUnlessItWasJustIssued() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        let fresh = try await client(sandbox, store).signedIn()
        let token = try await fresh.accessToken()
        let same = try await fresh.replaceRejectedToken(token).value
        XCTAssertEqual(same, token.value)
        var asked = try await sandbox.requests("/refresh")
        XCTAssertEqual(asked, 0)
        let session = try await aged(sandbox, store, by: 300)
        let refreshed = try await session.replaceRejectedToken(token).value
        XCTAssertNotEqual(refreshed, token.value)
        let again = try await session.replaceRejectedToken(token).value
        XCTAssertEqual(again, refreshed)
        asked = try await sandbox.requests("/refresh")
        XCTAssertEqual(asked, 1)
    }

    func testAutoRefreshRunsUntilTheSessionEnds() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        _ = try await client(sandbox, store).signedIn()
        store.age(by: 890)
        let client = try client(sandbox, store)
        let kept = try await client.session(.front)
        let session = try XCTUnwrap(kept)
        let autoRefresh = Task { try await session.autoRefresh() }
        try await sandbox.asked("/refresh")
        autoRefresh.cancel()
        await assertCancelled(autoRefresh)
        try await client.signOut(.front)
        let ended = try await session.autoRefresh()
        guard case .notSignedIn = ended else { return XCTFail("\(ended)") }
    }

    func testAccountsAreListed() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        let none = try await client(sandbox, store).accounts()
        XCTAssertEqual(none, [])
        for name in ["ann", "bob@example.com"] {
            _ = try await AuthClient(host: sandbox.host, profile: name, store: .custom(store)).signedIn()
        }
        try await store.save(name: "theme", data: Data([1]))
        let accounts = try await client(sandbox, store).accounts()
        XCTAssertEqual(accounts.map(\.profile).sorted(), ["ann", "bob@example.com"])
        XCTAssertTrue(accounts.allSatisfy { $0.host == sandbox.host && $0.office == .front })
    }

    func testLimitsAreTheAppsToSet() async throws {
        let sandbox = try sandbox()
        let limits = AttemptLimits(signIn: 1, window: 90)
        let client = try AuthClient(host: sandbox.host, limits: limits, store: .memory)
        _ = try await client.signedIn()
        let error = try await refused { try await client.signedIn() }
        guard case .lockedOut(let seconds, false, _) = error else { return XCTFail("\(error)") }
        XCTAssertTrue((61...92).contains(seconds), "\(seconds)")
    }

    func testTwoClientsOfOneStoreRefreshOnce() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        _ = try await client(sandbox, store).signedIn()
        store.age(by: 960)
        let clients = try (0..<8).map { _ in try client(sandbox, store) }
        let tokens = try await withThrowingTaskGroup(of: String?.self) { group in
            for client in clients {
                group.addTask { try await client.session(.front)?.accessToken().value }
            }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        XCTAssertEqual(tokens.count, 1)
        let asked = try await sandbox.requests("/refresh")
        XCTAssertEqual(asked, 1)
    }
}
