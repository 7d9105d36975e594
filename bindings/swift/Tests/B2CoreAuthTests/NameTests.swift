import B2CoreAuth
import XCTest

/// Every step and every error comes about through the public API.
final class NameTests: AuthTestCase {
    func testEveryStepIsProducedAndNamed() async throws {
        let world = try World()
        var names: Set<String> = []
        func note(_ signIn: SignIn) { names.insert(signIn.current.name) }
        let wizard = Answer.ok(Bodies.wizard)
        note(try await world.walk())
        note(try await world.walk(wizard))
        note(try await world.walk(wizard, .ok(Bodies.choice)))
        note(try await world.walk(wizard, .ok(Bodies.code)))
        note(try await world.walk(.ok(Bodies.mailedCode), office: .back))
        note(try await world.walk(wizard, .ok(Bodies.resetCode)))
        let other = try World()
        note(try await other.walk(wizard, .ok(Bodies.resetCode), .ok(Bodies.newPassword)))
        note(try await other.walk(wizard, .ok(Bodies.pair)))
        note(try await other.walk(wizard, .ok(Bodies.workflow("kyc_form"))))
        XCTAssertEqual(names, SignInStep.names)
    }

    func testEveryErrorIsProducedAndNamed() async throws {
        var produced: Set<ErrorName> = []
        for (name, recovery, produce) in ErrorProducers.all {
            let error = try await refused { try await produce(World()) }
            XCTAssertEqual(ErrorName(error), name)
            XCTAssertEqual(error.recovery, recovery ?? backingOff(error), "\(name)")
            let texts = ["en", "de", "es"].map { error.localizedMessage(locale: Locale(identifier: $0)) }
            XCTAssertEqual(Set(texts).count, texts.count, "\(name)")
            produced.insert(ErrorName(error))
        }
        XCTAssertEqual(produced, Set(ErrorName.allCases))
    }

    /// The backoff has jitter: it is up to a quarter longer than the host's `Retry-After`.
    private func backingOff(_ error: AuthError) -> Recovery? {
        guard case .backingOff(let seconds) = error else { return nil }
        XCTAssertTrue((90...126).contains(seconds), "\(seconds)")
        return .retry(after: seconds)
    }

    func testEveryNetworkProblemArrivesAsTheTransportThrewIt() async throws {
        let retry = Recovery.retry(after: nil)
        let problems: [(NetworkProblem, Recovery)] = [
            (.unreachable, retry), (.interrupted, retry), (.timedOut, retry), (.tls, .report),
            (.pinMismatch, .report), (.tooLarge, .report), (.notHttp, .report), (.failed, .report),
        ]
        let world = try World()
        let step = try await world.atCode()
        for (problem, recovery) in problems {
            let asked = world.host.asked.count
            world.host.next(.fail(TransportError.network(problem)))
            let error = try await refused { try await step.submit(code: "123456") }
            guard case .network(problem, _, _) = error else { return XCTFail("\(problem): \(error)") }
            XCTAssertEqual(error.recovery, recovery, "\(problem)")
            XCTAssertEqual(world.host.asked.count, asked + 1, "a code is never sent twice")
        }
    }
}
