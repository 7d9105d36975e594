import B2CoreAuth
import Foundation

/// How long ten thousand who want a token at once wait for the one refresh, as a multiple of the host's latency.
enum Crowd {
    fileprivate static let latency = 0.2
    private static let rounds = 7

    static func measure() async throws {
        print(
            "callers at once, the refresh takes \(Int(latency * 1000)) ms; median of \(rounds) rounds after a warm-up")
        for size in [1, 1_000, 10_000] {
            let least = try await report(size, "one continuation each", bare)
            let median = try await report(size, "the token is expired", round)
            if size == 10_000 {
                print("FIGURE Swift tasks and one refresh, times its latency \(median) 1.25")
                print("FIGURE Swift tasks and one refresh, times the least \(median / least) 1.1")
            }
        }
    }

    /// The median.
    private static func report(
        _ size: Int, _ what: String, _ round: (Int) async throws -> Double
    ) async throws -> Double {
        var times: [Double] = []
        for _ in 0...rounds { times.append(try await round(size)) }
        let warm = times.dropFirst().map { $0 / latency }.sorted()
        let (median, worst) = (warm[rounds / 2], warm[rounds - 1])
        let name = what.padding(toLength: 21, withPad: " ", startingAt: 0)
        print(String(format: "  %6d  %@  %5.2f times; worst %5.2f", size, name as NSString, median, worst))
        return median
    }

    /// The least: tasks that wait for one continuation each, which are resumed after the latency.
    private static func bare(_ size: Int) async throws -> Double {
        let crowd = Waiting()
        let begin = DispatchTime.now().uptimeNanoseconds
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<size { group.addTask { await crowd.wait() } }
            try await Task.sleep(nanoseconds: UInt64(latency * 1e9))
            crowd.give("refreshed")
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        precondition(tokens == ["refreshed"])
        return Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9
    }

    private static func round(_ size: Int) async throws -> Double {
        let client = try AuthClient(
            host: "https://broker.example", store: .memory, transport: .custom(Slow()))
        guard case .start(let start) = client.signIn(.front).current,
            case .credentials(let form) = try await start.open(),
            case .signedIn(let session) = try await form.submit(email: "ann@example.com", password: "Secret123")
        else { throw TransportError.network(.failed) }
        // Until the token is over. To ask for it meanwhile would refresh it ahead.
        try await Task.sleep(nanoseconds: 1_100_000_000)
        precondition(session.cachedAccessToken() == nil)
        let begin = DispatchTime.now().uptimeNanoseconds
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<size { group.addTask { try await session.accessToken().value } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        let took = Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9
        precondition(tokens == ["refreshed"])
        return took
    }
}

/// Callers who wait for one value.
private final class Waiting: @unchecked Sendable {
    private let lock = NSLock()
    private var value: String?
    private var all: [CheckedContinuation<String, Never>] = []

    func wait() async -> String {
        await withCheckedContinuation { continuation in
            let known = lock.withLock {
                if value == nil { all.append(continuation) }
                return value
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    func give(_ value: String) {
        let all = lock.withLock {
            self.value = value
            defer { self.all = [] }
            return self.all
        }
        for one in all { one.resume(returning: value) }
    }
}

/// A host whose first tokens live for a second, and whose refreshes take their time and bring tokens for good.
private final class Slow: Transport, @unchecked Sendable {
    func send(_ request: HttpRequest) async throws -> HttpResponse {
        if request.method == "GET" {
            return answer(#"{"code":200,"data":null,"done":false,"uuid":"u","workflow":"login"}"#)
        }
        guard request.url.hasSuffix("/refresh") else {
            let life = #""createdAt":"2030-01-01T00:00:00Z","expiresAt":"2030-01-01T00:00:01Z""#
            return answer(#"{"accessToken":{"token":"first",\#(life)},"refreshToken":{"token":"r"}}"#)
        }
        try await Task.sleep(nanoseconds: UInt64(Crowd.latency * 1e9))
        return answer(#"{"accessToken":{"token":"refreshed"},"refreshToken":{"token":"r"}}"#)
    }

    private func answer(_ body: String) -> HttpResponse {
        HttpResponse(status: 200, headers: [], body: Data(body.utf8))
    }
}
