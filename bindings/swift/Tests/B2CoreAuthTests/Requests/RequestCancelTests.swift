#if canImport(FoundationNetworking)
    import FoundationNetworking
    import XCTest

    @testable import B2CoreAuth

    /// A request that is cancelled at any moment ends, also before anybody waits for it.
    final class RequestCancelTests: XCTestCase {
        private let server = Result {
            try LoopbackServer { _ in .say("HTTP/1.1 204 None\r\nConnection: close\r\n\r\n") }
        }

        override func tearDown() { try? server.get().stop() }

        func testRequestsOfTasksThatAreCancelledEnd() async throws {
            let url = try XCTUnwrap(URL(string: "http://127.0.0.1:\(server.get().port)"))
            let scope = try TokenScope(url.absoluteString)
            let ended = Counter()
            @Sendable func send() async {
                let guarded = RedirectGuard(scope, AccessToken("token"), .reloadIgnoringLocalCacheData)
                _ = try? await GuardedExchange.data(for: URLRequest(url: url), as: .shared, guarded)
                ended.add()
            }
            for round in 0..<10_000 {
                if round % 2 == 0 {
                    // It is cancelled already.
                    Task {
                        withUnsafeCurrentTask { $0?.cancel() }
                        await send()
                    }
                } else {
                    let begun = Task { await send() }
                    begun.cancel()
                }
            }
            await until { ended.count == 10_000 }
        }

        func testRequestsOfOneSessionShareAGuardedOne() async throws {
            let url = try XCTUnwrap(URL(string: "http://127.0.0.1:\(server.get().port)"))
            let scope = try TokenScope(url.absoluteString)
            func send(_ session: URLSession) async throws {
                let guarded = RedirectGuard(scope, AccessToken("token"), .useProtocolCachePolicy)
                let (_, response) = try await GuardedExchange.data(for: URLRequest(url: url), as: session, guarded)
                XCTAssertEqual((response as? HTTPURLResponse)?.statusCode, 204)
            }
            try await send(.shared)
            let before = GuardedSessions.shared.count
            for _ in 0..<3 { try await send(.shared) }
            XCTAssertEqual(GuardedSessions.shared.count, before)
            // Those of sessions that are gone go too.
            for _ in 0..<20 { try await send(URLSession(configuration: .ephemeral)) }
            await until {
                let guarded = RedirectGuard(scope, AccessToken("token"), .useProtocolCachePolicy)
                _ = GuardedSessions.shared.task(of: GuardedExchange(URLRequest(url: url), guarded), as: .shared)
                return GuardedSessions.shared.count <= before
            }
        }
    }

    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private var value = 0
        var count: Int { lock.withLock { value } }
        func add() { lock.withLock { value += 1 } }
    }
#endif
