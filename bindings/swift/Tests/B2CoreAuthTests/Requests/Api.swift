import B2CoreAuth
import B2CoreAuthTesting
import Foundation
import XCTest

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The host in the test's own process.
typealias Host = B2CoreAuthTesting.Sandbox

/// A server of an API that the user's requests go to, with the tokens that a test lets it refuse.
final class Api: @unchecked Sendable {
    /// A request as it came: what it asked for, with which `Authorization`, and its body.
    struct Seen {
        let method: String
        let path: String
        let authorization: String?
        let body: String
    }

    private let lock = NSLock()
    private var rejected: Set<String> = []
    private var all = false
    private var redirects: [String: (url: String, status: Int)] = [:]
    private var meanwhile: (@Sendable () -> Void)?
    private var came: [Seen] = []
    private var server: LoopbackServer?

    init() throws {
        // Who asks when the test has ended gets no answer.
        server = try LoopbackServer { [weak self] request in
            guard let self else { return .close }
            return .say(answer(to: request))
        }
    }

    deinit { server?.stop() }

    func stop() { server?.stop() }

    var seen: [Seen] { lock.withLock { came } }

    /// Its address, with this path.
    func url(_ path: String = "", host: String = "127.0.0.1") -> String { "http://\(host):\(server?.port ?? 0)\(path)" }

    /// Refuses this token with 401 from now on.
    func reject(_ token: String) { lock.withLock { _ = rejected.insert("Bearer " + token) } }

    /// Refuses every token from now on.
    func rejectAll() { lock.withLock { all = true } }

    /// Sends who asks for this path to this URL.
    func redirect(_ path: String, to url: String, status: Int = 302) {
        lock.withLock { redirects[path] = (url, status) }
    }

    /// Runs this once, when the next request has come and is not answered yet.
    func beforeTheAnswer(_ work: @escaping @Sendable () -> Void) { lock.withLock { meanwhile = work } }

    /// The tokens that came with requests for this path, in order; `nil` for a request without one.
    func tokens(_ path: String) -> [String?] {
        seen.filter { $0.path == path }.map {
            $0.authorization.map { $0.replacingOccurrences(of: "Bearer ", with: "") }
        }
    }

    private func answer(to request: String) -> String {
        let parts = request.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        let start = lines[0].components(separatedBy: " ")
        let (method, path) = (start[0], start[1])
        let authorization = lines.first { $0.lowercased().hasPrefix("authorization: ") }
            .map { String($0.dropFirst("authorization: ".count)) }
        let (work, redirect, isGood) = lock.withLock {
            let body = parts.dropFirst().joined()
            came.append(Seen(method: method, path: path, authorization: authorization, body: body))
            defer { meanwhile = nil }
            let isGood = !all && authorization.map { !rejected.contains($0) } ?? false
            return (meanwhile, redirects[path], isGood)
        }
        work?()
        let head =
            redirect.map { "\($0.status) Elsewhere\r\nLocation: \($0.url)" } ?? (isGood ? "200 OK" : "401 Unauthorized")
        // An answer that any cache may keep. One without a date is kept by none.
        let fields = [
            "HTTP/1.1 \(head)", "Date: \(Api.date(Date()))", "Cache-Control: max-age=3600",
            "Content-Length: \(path.utf8.count)",
            "Connection: close",
        ]
        return fields.joined(separator: "\r\n") + "\r\n\r\n" + path
    }

    /// As HTTP writes it.
    static func date(_ date: Date) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.string(from: date)
    }
}

/// A user who is signed in at a host of their own, and the API that their requests go to.
struct Scene {
    let host: Host
    let api: Api
    let client: AuthClient
    let session: Session
    let scope: TokenScope

    init(path: String = "", transport: TransportChoice = .bundled) async throws {
        (host, api) = (try Host(), try Api())
        client = try host.client(limits: AttemptLimits(signIn: 0, refresh: 0), transport: transport)
        session = try await host.signIn(client)
        scope = try TokenScope(api.url(path))
    }

    /// The token that the session has now.
    func token() async throws -> String { try await session.accessToken().value }

    /// The session lasts on, but its token was not just issued: once rejected, it is worth a refresh.
    func ageToken() { host.clock.advance(by: 5 * 60) }

    /// The token, which is old enough to be replaced, and which the API rejects from now on.
    func rejectedToken() async throws -> String {
        let token = try await token()
        ageToken()
        api.reject(token)
        return token
    }

    var refreshes: Int { host.requestCount(to: "/refresh") }

    /// The status of a request for this path of the API.
    func get(_ path: String, _ change: (inout URLRequest) -> Void = { _ in }) async throws -> Int? {
        try await status(api.url(path), change)
    }

    func status(_ url: String, _ change: (inout URLRequest) -> Void = { _ in }) async throws -> Int? {
        try await Scene.status(answer(url, change))
    }

    /// The answer to a request for this path of the API: its status and its body.
    func text(_ path: String, _ change: (inout URLRequest) -> Void = { _ in }) async throws -> String {
        let answer = try await answer(api.url(path), change)
        return "\(Scene.status(answer) ?? 0) \(String(decoding: answer.0, as: UTF8.self))"
    }

    private func answer(_ url: String, _ change: (inout URLRequest) -> Void) async throws -> (Data, URLResponse) {
        var request = URLRequest(url: try XCTUnwrap(URL(string: url)))
        change(&request)
        return try await session.data(for: request, within: scope)
    }

    static func status(_ answer: (Data, URLResponse)) -> Int? { (answer.1 as? HTTPURLResponse)?.statusCode }
}

/// A transport that holds refreshes back until it is opened.
final class RefreshGate: Transport {
    let arrived = Signal()
    let opened = Signal()
    private let transport = URLSessionTransport()

    func send(_ request: HttpRequest) async throws -> HttpResponse {
        if request.url.hasSuffix("/refresh") {
            arrived.give()
            try await opened.wait()
        }
        return try await transport.send(request)
    }
}
