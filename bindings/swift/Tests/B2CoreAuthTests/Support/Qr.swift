import B2CoreAuth
import Foundation
import XCTest

extension Bodies {
    /// The host's answer to the exchange of an approval.
    static let exchanged =
        #"{"clientId":"7","tokens":{"accessToken":{"token":"canary-access"},"refreshToken":{"token":"canary-refresh"}}}"#
    static let withoutQr =
        #"{"code":200,"data":{"is_qr_available":false},"done":false,"uuid":"canary-uuid","workflow":"login"}"#

    /// The answer to a display that asks for a code.
    static func code(_ id: String, _ more: String = "") -> String {
        #"{"id":"\#(id)","lifetimeMinutes":2\#(more)}"#
    }
}

/// A display at a scripted host, whose live channel is in the test's hands.
struct Display {
    let host = FakeHost()
    let store = ClassStore()
    let channel = HandChannel()
    let client: AuthClient
    let signIn: QrSignIn

    init(_ answers: Answer..., wizard: String = Bodies.wizard, channel choice: ChannelChoice? = nil,
        options: [String: String] = [:]
    ) throws {
        client = try AuthClient(
            host: "https://broker.example", store: .custom(store), transport: .custom(host),
            approvalChannel: choice ?? .custom(channel), qrOptions: options)
        signIn = client.qrSignIn()
        host.next(.ok(wizard))
        answers.forEach { host.next($0) }
    }

    /// The states after the first code was shown, that code, and its channel.
    func shown() async throws -> (states: QrStates.Iterator, code: QrCode, watch: HandChannel.Watch) {
        let states = signIn.states.makeAsyncIterator()
        async let first = states.next()
        let watch = try await channel.subscribed()
        let code = try await first.code("shown")
        return (states, code, watch)
    }

    /// The bodies that were posted to a path that ends so.
    func bodies(_ path: String) -> [String] { host.bodies(path) }
}

extension FakeHost {
    /// The bodies that were posted to a path that ends so.
    func bodies(_ path: String) -> [String] {
        asked.filter { $0.method == "POST" && $0.url.hasSuffix(path) }
            .map { String(decoding: $0.body ?? Data(), as: UTF8.self) }
    }
}

/// The state of each place. The switch has no default: a new state has to be named here.
extension QrState {
    var name: String {
        switch self {
        case .shown: "shown"
        case .renewed: "renewed"
        case .approved: "approved"
        case .declined: "declined"
        case .expired: "expired"
        case .signedIn: "signedIn"
        case .notAvailable: "notAvailable"
        }
    }
}

extension QrState? {
    var name: String { self?.name ?? "the end" }

    /// The code of this state, which has this name.
    func code(_ name: String) throws -> QrCode {
        guard self.name == name else { throw NotThere(wanted: name, there: self.name) }
        switch self {
        case .shown(let code), .renewed(let code): return code
        default: throw NotThere(wanted: "a code", there: self.name)
        }
    }
}

extension QrStates.Iterator {
    /// The names of so many states.
    func names(_ count: Int) async throws -> [String] {
        var names: [String] = []
        for _ in 0..<count { names.append(try await next().name) }
        return names
    }

    /// The session of the next state, which signs in.
    func session() async throws -> Session {
        let state = try await next()
        guard case .signedIn(let session) = state else { throw NotThere(wanted: "signedIn", there: state.name) }
        return session
    }

    /// Why the next code is on its way.
    func expiry() async throws -> QrExpiry {
        guard case .expired(let reason) = try await next() else { throw NotThere(wanted: "expired", there: "?") }
        return reason
    }
}

/// Runs a call that has to throw this problem of QR sign-in.
func qrProblem<T>(
    _ problem: QrProblem, _ call: () async throws -> T, file: StaticString = #filePath, line: UInt = #line
) async throws -> (error: AuthError, lines: [String], correlationId: String?) {
    let error = try await refused(call, file: file, line: line)
    guard case .qr(let its, let message, let id, _) = error else {
        throw NotThere(wanted: "\(problem)", there: "\(error)")
    }
    XCTAssertEqual(its, problem, file: file, line: line)
    return (error, message.lines, id)
}
