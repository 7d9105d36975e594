import Foundation
import XCTest

@testable import B2CoreAuth

/// What was ended stays ended, whatever is still under way; what was only cancelled goes on.
final class EndingTests: AuthTestCase {
    func testCancellingAtEveryStepLeavesItUsable() async throws {
        let sandbox = try sandbox()
        let gate = Gate()
        let client = try AuthClient(host: sandbox.host, store: .memory, transport: .custom(gate))
        let front = client.signIn(.front)
        let start = try front.current.start
        try await cancelled(gate) { try await start.open() }
        let form = try await start.open().credentials
        try await cancelled(gate) { try await form.submit(email: "both@example.com", password: Sandbox.password) }
        let choice = try await form.submit(email: "both@example.com", password: Sandbox.password).chooseMethod
        try await cancelled(gate) { try await choice.choose(.sms) }
        let code = try await choice.choose(.sms).code
        try await cancelled(gate) { try await code.choose(.google) }
        let sent = try await sandbox.sentCode("both@example.com")
        try await cancelled(gate) { try await code.submit(code: sent) }
        _ = try await code.submit(code: sent).session

        let other = try await client.signIn(.front).opened()
        let reset = try await other.submit(email: "reset@example.com", password: Sandbox.password).resetCode
        let mailed = try await sandbox.sentCode("reset@example.com")
        try await cancelled(gate) { try await reset.submit(code: mailed) }
        let password = try await reset.submit(code: mailed).newPassword
        try await cancelled(gate) { try await password.submit(password: "Longer456") }
        _ = try await password.submit(password: "Longer456").credentials
    }

    func testAnAbandonedSignInStaysAbandoned() async throws {
        try await ended { _, signIn in try await signIn.abandon() }
    }

    func testASignOutAbandonsTheSignInsThatWereBegun() async throws {
        try await ended { client, _ in _ = try await client.signOut(.front) }
    }

    /// The code is under way when the sign-in is ended; the old step is tried afterwards, too.
    private func ended(_ end: (AuthClient, SignIn) async throws -> Void) async throws {
        let world = try World()
        let signIn = try await world.walk(.ok(Bodies.wizard), .ok(Bodies.code))
        let code = try signIn.current.code
        let hold = Hold()
        world.host.next(.hold(hold, then: .ok(Bodies.pair)))
        let submitting = Task { try await code.submit(code: "123456") }
        try await hold.arrived.wait()
        try await end(world.client, signIn)
        hold.release.give()
        let result = await submitting.result
        XCTAssertThrowsError(try result.get())
        _ = try await refused { try await code.submit(code: "123456") }
        let session = try await world.client.session(.front)
        XCTAssertNil(session)
    }

    func testAutoRefreshEndsAtASignOut() async throws {
        let sandbox = try sandbox()
        let client = try client(sandbox)
        let session = try await client.signedIn()
        let reason = Task { try await session.autoRefresh() }
        _ = try await client.signOut(.front)
        _ = try await reason.value
    }

    func testAutoRefreshEndsAtOnceWhenTheHostEndsTheSession() async throws {
        let world = try World()
        let session = try await world.signedIn()
        let ended = Task { try await session.autoRefresh() }
        var changes = world.client.authStateChanges(.front).makeAsyncIterator()
        _ = await changes.next()
        world.host.next(.say(401, Bodies.refusal))
        _ = try await refused { try await session.refresh() }
        let reason = try await ended.value
        guard case .sessionEnded = reason else { return XCTFail("\(reason)") }
    }

    func testASecondSignOutHasNothingLeftToDo() async throws {
        let sandbox = try sandbox()
        let client = try client(sandbox)
        let session = try await client.signedIn()
        let first = try await session.signOut()
        XCTAssertEqual(first, SignedOut(account: "plain@example.com", revocation: .revoked))
        let nothing = SignedOut(account: nil, revocation: .nothingToRevoke)
        let second = try await session.signOut()
        XCTAssertEqual(second, nothing)
        let third = try await client.signOut(.front)
        XCTAssertEqual(third, nothing)
        let never = try await client.signOut(.back)
        XCTAssertEqual(never, nothing)
        let asked = try await sandbox.requests("/signout")
        XCTAssertEqual(asked, 1)
    }

    func testASignOutWhileTheStoreIsLockedChangesNothing() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        let client = try client(sandbox, store)
        let session = try await client.signedIn()
        let before = store.kept
        let token = try await session.accessToken()
        store.when { _, _ in throw StoreError.unavailable }
        for signOut in [{ try await session.signOut() }, { try await client.signOut(.front) }] {
            let error = try await refused(signOut)
            guard case .storeUnavailable = error else { return XCTFail("\(error)") }
        }
        // In memory the session goes on, and the host was not asked.
        let still = try await session.accessToken()
        XCTAssertEqual(still, token)
        let owner = try await sandbox.owner(of: token)
        XCTAssertEqual(owner, "plain@example.com")
        store.when(nil)
        XCTAssertEqual(store.kept.filter { $0.hasPrefix("session/") }, before.filter { $0.hasPrefix("session/") })
        let signedOut = try await session.signOut()
        XCTAssertEqual(signedOut.revocation, .revoked)
        XCTAssertEqual(store.kept.filter { $0.hasPrefix("session/") }, [])
        let gone = try await sandbox.owner(of: token)
        XCTAssertNil(gone)
    }

    func testAnotherClientSeesASignOutBeforeItHandsATokenOutAgain() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        _ = try await client(sandbox, store).signedIn()
        let one = try client(sandbox, store)
        let session = try await kept(sandbox, store)
        let rejected = try await session.accessToken()
        _ = try await one.signOut(.front)
        _ = try await refused { try await session.replaceRejectedToken(rejected) }
        XCTAssertNil(session.cachedAccessToken())
    }

    func testForeignBytesInAStoreLockNobodyOut() async throws {
        let sandbox = try sandbox()
        let before = ClassStore()
        _ = try await client(sandbox, before).signedIn()
        for name in before.kept {
            for broken in [Data(), Data([1]), Data(repeating: 255, count: 64)] {
                let store = ClassStore(copy: before)
                try await store.save(name: name, data: broken)
                let session = try await client(sandbox, store).signedIn()
                let owner = try await sandbox.owner(of: session.accessToken())
                XCTAssertEqual(owner, "plain@example.com", name)
            }
        }
    }

    /// The call is cancelled while its request is under way.
    private func cancelled(_ gate: Gate, _ call: @escaping @Sendable () async throws -> SignInStep) async throws {
        let hold = gate.close()
        let calling = Task { try await call() }
        try await hold.arrived.wait()
        calling.cancel()
        await assertCancelled(calling)
        try await hold.abandoned.wait()
        gate.open()
    }
}

/// A transport that can hold requests back before they are sent.
private final class Gate: Transport, @unchecked Sendable {
    private let lock = NSLock()
    private let behind = URLSessionTransport()
    private var hold: Hold?

    func close() -> Hold {
        let hold = Hold()
        lock.withLock { self.hold = hold }
        return hold
    }

    func open() {
        lock.withLock { hold = nil }
    }

    func send(_ request: HttpRequest) async throws -> HttpResponse {
        if let hold = lock.withLock({ hold }) {
            hold.arrived.give()
            do {
                try await hold.release.wait()
            } catch {
                hold.abandoned.give()
                throw error
            }
        }
        return try await behind.send(request)
    }
}
