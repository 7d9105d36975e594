import XCTest

@testable import B2CoreAuth

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// `URLSessionTransport` against a server that misbehaves. What a good host gets is in `PortTests`.
final class URLSessionTransportTests: AuthTestCase {
    private func server(_ react: @escaping @Sendable (String) -> LoopbackServer.Reaction) throws -> LoopbackServer {
        let server = try LoopbackServer(react)
        addTeardownBlock { server.stop() }
        return server
    }

    private func client(
        _ port: UInt16, scheme: String = "http", _ transport: URLSessionTransport = URLSessionTransport()
    ) throws -> AuthClient {
        try AuthClient(
            host: "\(scheme)://127.0.0.1:\(port)", userAgent: "Test/1", language: "ja", store: .memory,
            transport: .custom(transport))
    }

    private func problem(_ client: AuthClient) async throws -> NetworkProblem? {
        let error = try await refused { try await client.signIn(.front).opened() }
        guard case .network(let problem, _, _) = error else {
            XCTFail("\(error)")
            return nil
        }
        return problem
    }

    private static func ok(_ body: String, _ headers: String = "") -> LoopbackServer.Reaction {
        .say("HTTP/1.1 200 OK\r\n\(headers)Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
    }

    func testARequestIsSentAsItStandsWithTheHostsCookiesAlone() async throws {
        let server = try server {
            $0.hasPrefix("GET") ? Self.ok(Bodies.wizard, "Set-Cookie: a=b\r\n") : Self.ok(Bodies.pair)
        }
        let form = try await client(server.port).signIn(.front).opened()
        _ = try await form.submit(email: World.email, password: World.password).session
        let requests = server.requests
        XCTAssertEqual(requests.count, 2)
        XCTAssertTrue(requests[0].hasPrefix("GET /api/v2/my/signin/wizard HTTP/1.1\r\n"), requests[0])
        XCTAssertTrue(requests[1].hasPrefix("POST /api/v2/my/signin HTTP/1.1\r\n"), requests[1])
        XCTAssertTrue(requests[1].contains(World.password))
        for request in requests {
            for header in ["User-Agent: Test/1\r\n", "Accept-Language: ja\r\n", "Accept: application/json\r\n"] {
                XCTAssertTrue(request.contains(header), request)
            }
        }
        let cookies = requests.map { $0.components(separatedBy: "\r\n").filter { $0.lowercased().hasPrefix("cookie") } }
        XCTAssertEqual(cookies, [[], ["Cookie: a=b"]], "the client's, and none of a jar of its own")
    }

    func testNoRedirectIsFollowed() async throws {
        let server = try server { _ in
            .say("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        let client = try client(server.port)
        let error = try await refused { try await client.signIn(.front).opened() }
        guard case .unexpectedAnswer = error else { return XCTFail("\(error)") }
        XCTAssertEqual(server.requests.count, 1)
    }

    func testAHeaderOfTheAnswerArrives() async throws {
        let server = try server { _ in
            .say("HTTP/1.1 503 No\r\nRetry-After: 7\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        let client = try client(server.port)
        let error = try await refused { try await client.signIn(.front).opened() }
        guard case .hostFailed(503, 7, _) = error else { return XCTFail("\(error)") }
    }

    func testNobodyThereIsUnreachable() async throws {
        let server = try server { _ in .close }
        server.stop()
        let reported = try await problem(client(server.port))
        XCTAssertEqual(reported, .unreachable)
    }

    func testAConnectionThatBreaksIsInterrupted() async throws {
        let none = try server { _ in .close }
        var reported = try await problem(client(none.port))
        XCTAssertEqual(reported, .interrupted)
        let half = try server { _ in .say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{") }
        reported = try await problem(client(half.port))
        XCTAssertEqual(reported, .interrupted)
    }

    func testACodeIsNotSentTwiceOverAConnectionThatBreaks() async throws {
        let wizard = Bodies.wizard
        let server = try server {
            guard $0.hasPrefix("GET") else { return .close }
            return .sayAndStay("HTTP/1.1 200 OK\r\nContent-Length: \(wizard.utf8.count)\r\n\r\n\(wizard)")
        }
        let form = try await client(server.port).signIn(.front).opened()
        let error = try await refused { try await form.submit(email: World.email, password: World.password) }
        guard case .network(.interrupted, _, _) = error else { return XCTFail("\(error)") }
        XCTAssertEqual(server.requests.filter { $0.hasPrefix("POST") }.count, 1)
    }

    func testASilentHostTimesOut() async throws {
        let server = try server { _ in .silence }
        let reported = try await problem(client(server.port, URLSessionTransport(timeout: 1)))
        XCTAssertEqual(reported, .timedOut)
    }

    func testAnAnswerBeyondTheLimitIsTooLarge() async throws {
        let server = try server { _ in Self.ok(String(repeating: " ", count: 5000)) }
        let reported = try await problem(client(server.port, URLSessionTransport(bodyLimit: 4999)))
        XCTAssertEqual(reported, .tooLarge)
    }

    func testErrorsAreSortedByWhetherTheRequestWasSent() {
        let sorted: [(URLError.Code, NetworkProblem)] = [
            (.cannotFindHost, .unreachable), (.cannotConnectToHost, .unreachable), (.dnsLookupFailed, .unreachable),
            (.notConnectedToInternet, .unreachable), (.serverCertificateUntrusted, .tls),
            (.secureConnectionFailed, .tls), (.serverCertificateHasBadDate, .tls), (.timedOut, .timedOut),
            (.cannotParseResponse, .notHttp), (.dataLengthExceedsMaximum, .tooLarge), (.badURL, .failed),
            (.networkConnectionLost, .interrupted), (.badServerResponse, .interrupted), (.unknown, .interrupted),
            (.cancelled, .interrupted),
        ]
        for (code, problem) in sorted { XCTAssertEqual(NetworkProblem(URLError(code)), problem, "\(code)") }
        XCTAssertEqual(NetworkProblem(NotScripted(url: "")), .interrupted)
    }

    func testACancelEndsTheRequest() async throws {
        let server = try server { _ in .silence }
        let client = try client(server.port, URLSessionTransport(timeout: 300))
        let call = Task { try await client.signIn(.front).opened() }
        await until { !server.requests.isEmpty }
        call.cancel()
        await assertCancelled(call)
        await until { server.clientGone.isGiven }
        withExtendedLifetime(client) {}
    }
}
