import B2CoreAuth
import XCTest

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A transport around another one, and what becomes of the errors that a transport lets through.
final class DecoratingTransportTests: AuthTestCase {
    func testATransportThatLogsAndOneThatRetriesCanBePutAroundAnother() async throws {
        let sandbox = try sandbox()
        let log = Log()
        let transport = Logging(behind: Retrying(behind: FailingOnce(behind: URLSessionTransport())), log: log)
        let store = StoreChoice.custom(ClassStore())
        let (_, _, form) = try await credentials(sandbox, store: store, transport: .custom(transport))
        let session = try await form.submit(email: "plain@example.com", password: Sandbox.password).session
        let owner = try await sandbox.owner(of: session.accessToken())
        XCTAssertEqual(owner, "plain@example.com")
        XCTAssertEqual(
            log.lines,
            [
                "GET \(sandbox.host)/api/v2/my/signin/wizard: 200", "POST \(sandbox.host)/api/v2/my/signin: 200",
            ])
    }

    func testAUrlErrorCountsAsTheProblemThatItIs() async throws {
        let problems: [(any Error, NetworkProblem)] = [
            (URLError(.notConnectedToInternet), .unreachable), (URLError(.timedOut), .timedOut),
            (URLError(.serverCertificateUntrusted), .tls), (URLError(.networkConnectionLost), .interrupted),
            (URLError(.cancelled), .interrupted), (CancellationError(), .interrupted),
            (NotScripted(url: ""), .failed), (TransportError.network(.tooLarge), .tooLarge),
        ]
        for (thrown, problem) in problems {
            let world = try World()
            let step = try await world.atCode()
            world.host.next(.fail(thrown))
            let error = try await refused { try await step.submit(code: "123456") }
            guard case .network(problem, _, _) = error else { return XCTFail("\(thrown): \(error)") }
        }
    }

    func testAStatusThatHttpCannotHaveIsNotHttp() async throws {
        for status in [-1, 65_536] {
            let world = try World()
            let step = try await world.atCode()
            world.host.next(.say(status, ""))
            let error = try await refused { try await step.submit(code: "123456") }
            guard case .network(.notHttp, _, _) = error else { return XCTFail("\(status): \(error)") }
        }
    }
}

private final class Log: @unchecked Sendable {
    private let lock = NSLock()
    private var all: [String] = []

    var lines: [String] { lock.withLock { all } }

    func add(_ line: String) {
        lock.withLock { all.append(line) }
    }
}

/// Writes the method, address and status of each exchange, as a README shows it.
private struct Logging: Transport {
    let behind: any Transport
    let log: Log

    func send(_ request: HttpRequest) async throws -> HttpResponse {
        let response = try await behind.send(request)
        log.add("\(request): \(response.status)")
        return response
    }
}

/// Sends a `GET` once more if nothing was sent.
private struct Retrying: Transport {
    let behind: any Transport

    func send(_ request: HttpRequest) async throws -> HttpResponse {
        do {
            return try await behind.send(request)
        } catch TransportError.network(.unreachable, _) where request.method == "GET" {
            let headers = request.headers + [HttpHeader(name: "X-Attempt", value: "2")]
            return try await behind.send(
                HttpRequest(method: request.method, url: request.url, headers: headers, body: request.body))
        }
    }
}

private struct FailingOnce: Transport {
    let behind: any Transport

    func send(_ request: HttpRequest) async throws -> HttpResponse {
        if request.method == "GET", !request.headers.contains(where: { $0.name == "X-Attempt" }) {
            throw TransportError.network(.unreachable)
        }
        let response = try await behind.send(request)
        return HttpResponse(status: response.status, headers: response.headers, body: response.body)
    }
}
