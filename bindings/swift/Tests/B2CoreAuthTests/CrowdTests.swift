import B2CoreAuth
import XCTest

/// Ten thousand who want a token at once make one request.
final class CrowdTests: AuthTestCase {
    func testTenThousandCallersRefreshAnExpiredTokenOnce() async throws {
        let sandbox = try sandbox()
        let session = try await expired(sandbox)
        try await crowd(sandbox) { try await session.accessToken() }
    }

    func testTenThousandCallersOfAColdClientRefreshOnce() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        _ = try await client(sandbox, store).signedIn()
        store.age(by: 960)
        let client = try client(sandbox, store)
        try await crowd(sandbox) {
            let session = try await client.session(.front)
            return try await XCTUnwrap(session).accessToken()
        }
    }

    func testTenThousandCallersReplaceARejectedTokenOnce() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        let refused = try await client(sandbox, store).signedIn().accessToken()
        let session = try await aged(sandbox, store, by: 300)
        let token = try await crowd(sandbox) { try await session.replaceRejectedToken(refused) }
        XCTAssertNotEqual(token, refused.value)
    }

    func testTenThousandCallersGoOnWithoutTheFirst() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        _ = try await client(sandbox, store).signedIn()
        store.age(by: 960)
        let gate = Gate()
        let client = try AuthClient(
            host: sandbox.host, store: .custom(store), transport: .custom(gate))
        let kept = try await client.session(.front)
        let session = try XCTUnwrap(kept)
        let first = Task { try await session.accessToken() }
        try await gate.hold.arrived.wait()
        async let others: String = crowd(sandbox) { try await session.accessToken() }
        first.cancel()
        await assertCancelled(first)
        gate.hold.release.give()
        _ = try await others
    }

    func testBlockedThreadsDoNotDelayTheRefresh() async throws {
        let sandbox = try sandbox()
        let store = ClassStore()
        let refused = try await client(sandbox, store).signedIn().accessToken()
        store.age(by: 300)
        // Store and transport run in Swift, while all who wait block a thread each.
        let client = try AuthClient(
            host: sandbox.host, store: .custom(store), transport: .custom(URLSessionTransport()))
        let kept = try await client.session(.front)
        let session = try XCTUnwrap(kept)
        XCTAssertEqual(session.cachedAccessToken()?.value, refused.value)
        let blocked = Blocked(200) { try await session.replaceRejectedToken(refused).value }
        await until { blocked.areDone }
        XCTAssertEqual(blocked.tokens.count, 1)
        let token = try XCTUnwrap(blocked.tokens.first)
        XCTAssertNotEqual(token, refused.value)
        XCTAssertEqual(session.cachedAccessToken()?.value, token)
        let asked = try await sandbox.requests("/refresh")
        XCTAssertEqual(asked, 1)
    }

    private func expired(_ sandbox: Sandbox) async throws -> Session {
        let store = ClassStore()
        _ = try await client(sandbox, store).signedIn()
        let session = try await aged(sandbox, store, by: 960)
        XCTAssertNil(session.cachedAccessToken())
        return session
    }
}

/// Holds up what it sends.
private final class Gate: Transport {
    let hold = Hold()
    private let behind = URLSessionTransport()

    func send(_ request: HttpRequest) async throws -> HttpResponse {
        hold.arrived.give()
        try await hold.release.wait()
        return try await behind.send(request)
    }
}

/// Threads that wait for a call each, as code must that cannot be asynchronous.
private final class Blocked: @unchecked Sendable {
    private let lock = NSLock()
    private var left: Int
    private var given: Set<String> = []

    init(_ count: Int, _ call: @escaping @Sendable () async throws -> String) {
        left = count
        for _ in 0..<count {
            Thread.detachNewThread { [self] in
                let called = DispatchSemaphore(value: 0)
                Task.detached { [self] in
                    let token = (try? await call()) ?? "none"
                    _ = lock.withLock { given.insert(token) }
                    called.signal()
                }
                called.wait()
                lock.withLock { left -= 1 }
            }
        }
    }

    var areDone: Bool { lock.withLock { left == 0 } }
    var tokens: Set<String> { lock.withLock { given } }
}

/// All call at once; one request is made, and all are given the one token.
@discardableResult
private func crowd(
    _ sandbox: Sandbox, _ call: @escaping @Sendable () async throws -> AccessToken
) async throws -> String {
    let tokens = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<10_000 { group.addTask { try await call().value } }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    let asked = try await sandbox.requests("/refresh")
    XCTAssertEqual(asked, 1)
    XCTAssertEqual(tokens.count, 1)
    return try XCTUnwrap(tokens.first)
}
