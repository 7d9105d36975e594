import B2CoreAuth
import Foundation

/// What a request is answered with.
enum Answer: Sendable {
    case say(Int, String, [HttpHeader] = [])
    case fail(any Error)
    /// Tells by the first signal that the request is here, waits for the second, and tells by the third if nobody
    /// waits for the answer any more.
    indirect case hold(Hold, then: Answer)

    static func ok(_ body: String) -> Answer { .say(200, body) }
}

final class Hold: Sendable {
    let arrived = Signal()
    let release = Signal()
    let abandoned = Signal()
}

/// A transport in Swift that answers from a script, and remembers what was asked.
final class FakeHost: Transport, @unchecked Sendable {
    private let lock = NSLock()
    private var script: [Answer]
    private var requests: [HttpRequest] = []
    /// For requests beyond the script.
    private let otherwise: @Sendable (HttpRequest) -> Answer

    init(
        _ script: Answer...,
        otherwise: @escaping @Sendable (HttpRequest) -> Answer = { .fail(NotScripted(url: $0.url)) }
    ) {
        self.script = script
        self.otherwise = otherwise
    }

    func next(_ answers: Answer...) {
        lock.withLock { script += answers }
    }

    var asked: [HttpRequest] { lock.withLock { requests } }

    func send(_ request: HttpRequest) async throws -> HttpResponse {
        let answer = lock.withLock {
            requests.append(request)
            return script.isEmpty ? otherwise(request) : script.removeFirst()
        }
        return try await give(answer)
    }

    private func give(_ answer: Answer) async throws -> HttpResponse {
        switch answer {
        case .say(let status, let body, let headers):
            return HttpResponse(status: status, headers: headers, body: Data(body.utf8))
        case .fail(let error):
            throw error
        case .hold(let hold, let then):
            hold.arrived.give()
            do {
                try await hold.release.wait()
            } catch {
                hold.abandoned.give()
                throw error
            }
            return try await give(then)
        }
    }
}

struct NotScripted: Error { let url: String }
