import B2CoreAuth
import XCTest

/// The changes of the authentication state.
final class AuthStateChangesTests: AuthTestCase {
    private let ann = AuthState.signedIn(account: "plain@example.com")

    func testTheFirstStateComesFromTheStore() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        func first() async throws -> StateChange? {
            try await client(sandbox, store).authStateChanges(.front).first { _ in true }
        }
        var state = try await first()
        XCTAssertEqual(state, StateChange(state: .signedOut, reason: .stored))
        _ = try await client(sandbox, store).signedIn()
        state = try await first()
        XCTAssertEqual(state, StateChange(state: ann, reason: .stored))
        store.when { _, _ in .unavailable }
        state = try await first()
        XCTAssertEqual(
            state, StateChange(state: .unavailable, reason: .storeUnavailable, health: .storeUnavailable))
    }

    func testEachChangeComesWithItsReason() async throws {
        let client = try client(sandbox())
        var changes = client.authStateChanges(.front).makeAsyncIterator()
        var change = await changes.next()
        XCTAssertEqual(change, StateChange(state: .signedOut, reason: .stored))
        let session = try await client.signedIn()
        change = await changes.next()
        XCTAssertEqual(change, StateChange(state: ann, reason: .signedIn))
        try await session.refresh()
        change = await changes.next()
        XCTAssertEqual(change, StateChange(state: ann, reason: .refreshed))
        try await session.signOut()
        change = await changes.next()
        XCTAssertEqual(change, StateChange(state: .signedOut, reason: .signedOut))
    }

    func testAnEndByTheHostHasItsReason() async throws {
        let sandbox = try sandbox()
        let client = try client(sandbox)
        let session = try await client.signedIn()
        var changes = client.authStateChanges(.front).makeAsyncIterator()
        var change = await changes.next()
        XCTAssertEqual(change?.state, ann)
        try await sandbox.fault(#"refresh:status=401,body={"error":{"code":0%2C"message":"No"}}"#)
        let error = try await refused { try await session.refresh() }
        guard case .sessionEnded = error else { return XCTFail("\(error)") }
        change = await changes.next()
        XCTAssertEqual(change, StateChange(state: .signedOut, reason: .endedByHost))
        // Whoever watches from now on receives it too, until the user signs in or out.
        for _ in 0..<2 {
            var later = client.authStateChanges(.front).makeAsyncIterator()
            let first = await later.next()
            XCTAssertEqual(first?.reason, .endedByHost)
        }
        _ = try await client.signOut(.front)
        var settled = client.authStateChanges(.front).makeAsyncIterator()
        let first = await settled.next()
        XCTAssertEqual(first?.reason, .stored)
    }

    func testAHostThatFailsIsSaidWithTheState() async throws {
        let sandbox = try sandbox()
        let client = try client(sandbox)
        let session = try await client.signedIn()
        var changes = client.authStateChanges(.front).makeAsyncIterator()
        var change = await changes.next()
        XCTAssertEqual(change?.health, .healthy)
        try await sandbox.fault("refresh:status=503")
        let error = try await refused { try await session.refresh() }
        guard case .hostFailed = error else { return XCTFail("\(error)") }
        change = await changes.next()
        XCTAssertEqual(change, StateChange(state: ann, reason: .hostUnavailable, health: .hostUnavailable))
        try await sandbox.clearFaults()
        try await session.refresh()
        change = await changes.next()
        XCTAssertEqual(change?.health, .healthy)
    }

    func testARefusalRequiresReauthentication() async throws {
        let sandbox = try sandbox()
        let client = try client(sandbox)
        let session = try await client.signedIn()
        var changes = client.authStateChanges(.front).makeAsyncIterator()
        var change = await changes.next()
        XCTAssertEqual(change?.state, ann)
        try await sandbox.fault(#"refresh:status=400,body={"error":{"message":"No"}}"#)
        let error = try await refused { try await session.refresh() }
        guard case .reauthenticationRequired = error else { return XCTFail("\(error)") }
        change = await changes.next()
        XCTAssertEqual(
            change, StateChange(state: .reauthenticationRequired(account: "plain@example.com"), reason: .refused))
        try await sandbox.clearFaults()
        _ = try await client.signedIn()
        change = await changes.next()
        XCTAssertEqual(change, StateChange(state: ann, reason: .signedIn))
    }

    func testASlowReaderGetsTheNewestState() async throws {
        let client = try client(sandbox())
        var changes = client.authStateChanges(.front).makeAsyncIterator()
        var change = await changes.next()
        XCTAssertEqual(change?.reason, .stored)
        let session = try await client.signedIn()
        try await session.refresh()
        try await session.signOut()
        change = await changes.next()
        XCTAssertEqual(change, StateChange(state: .signedOut, reason: .signedOut))
    }

    func testCancellingAWatcherEndsThePullAndKeepsNothingAlive() async throws {
        for round in 0..<50 {
            weak var store: ClassStore?
            do {
                let world = try World()
                store = world.store
                let client = world.client
                let (first, ended) = (Signal(), Signal())
                let watcher = Task {
                    for await _ in client.authStateChanges(.front) { first.give() }
                    ended.give()
                }
                // Also before its first value, and just as it comes.
                if round % 3 > 0 { try await first.wait() }
                watcher.cancel()
                try await ended.wait()
            }
            await until { store == nil }
        }
    }
}
