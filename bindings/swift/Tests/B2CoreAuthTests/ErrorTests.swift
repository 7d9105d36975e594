import XCTest

@testable import B2CoreAuth

/// What all errors have in common, and what they are to code that knows an `NSError` only.
final class ErrorTests: AuthTestCase {
    private let message = ServerMessage(lines: ["No"])

    func testAnErrorHasItsIdAndTheHostsMessageInOnePlace() async throws {
        let withBoth: [AuthError] = [
            .wrongCredentials(attemptsLeft: 2, serverMessage: message, correlationId: "id"),
            .wrongCode(attemptsLeft: 2, serverMessage: message, correlationId: "id"),
            .passwordRefused(serverMessage: message, correlationId: "id"),
            .refused(serverMessage: message, correlationId: "id"),
            .recaptchaRefused(serverMessage: message, correlationId: "id"),
            .qr(.expired, serverMessage: message, correlationId: "id"),
            .reauthenticationRequired(serverMessage: message, correlationId: "id"),
        ]
        for error in withBoth { XCTAssertEqual(error.serverMessage, message, "\(error)") }
        let withId: [AuthError] = [
            .lockedOut(retryAfter: 1, byHost: true, correlationId: "id"), .signInExpired(correlationId: "id"),
            .network(.failed, correlationId: "id"), .hostFailed(status: 500, retryAfter: nil, correlationId: "id"),
            .unexpectedAnswer(code: "protocol", problem: "x", correlationId: "id"),
            .notSaved(problem: "x", correlationId: "id"), .sessionEnded(correlationId: "id"),
        ]
        for error in withBoth + withId { XCTAssertEqual(error.correlationId, "id", "\(error)") }
        for error in withId { XCTAssertNil(error.serverMessage, "\(error)") }
        for (name, _, produce) in ErrorProducers.all {
            let error = try await refused { try await produce(World()) }
            let wasSent = (withBoth + withId).contains { ErrorName($0) == name }
            if !wasSent { XCTAssertNil(error.correlationId, "\(name)") }
        }
        let error = try await refused { try await World().refusedCode() }
        XCTAssertEqual(error.serverMessage?.lines, ["canary-text of jdoe@example.com"])
        XCTAssertNotNil(error.correlationId)
    }

    func testEveryErrorGoesToTheLibraryAndBackUnchanged() async throws {
        for (name, _, produce) in ErrorProducers.all {
            let error = try await refused { try await produce(World()) }
            XCTAssertEqual(AuthError(error.raw), error, "\(name)")
        }
        XCTAssertNil(AuthError(Raw.AuthError.Cancelled))
    }

    func testEveryErrorIsAnNSErrorOfOurDomainWithANumberOfItsOwn() async throws {
        var numbers: [Int] = []
        for (name, _, produce) in ErrorProducers.all {
            let error = try await refused { try await produce(World()) }
            let bridged = error as NSError
            XCTAssertEqual(bridged.domain, "B2CoreAuth.AuthError", "\(name)")
            XCTAssertEqual(bridged.localizedDescription, error.localizedMessage(), "\(name)")
            numbers.append(bridged.code)
        }
        // In the order of the list: a number never changes its meaning.
        XCTAssertEqual(numbers, Array(1...26))
        XCTAssertEqual(StoreError.allCases.map { ($0 as NSError).code }, [1, 2])
        XCTAssertEqual((StoreError.failed as NSError).domain, "B2CoreAuth.StoreError")
        let network = TransportError.network(.tls) as NSError
        XCTAssertEqual(network.domain, "B2CoreAuth.TransportError")
        XCTAssertEqual(network.code, 1)
        XCTAssertEqual(network.localizedDescription, "\(TransportError.network(.tls))")
    }

    func testAFaultOfTheKeychainIsAnNSErrorOfItsOwnDomain() {
        let faults: [KeychainFault] = [
            .deviceLocked, .missingEntitlement, .userNotAuthenticated, .keychainFailed(status: -50), .storageFailed,
            .recordTooLarge, .installationUnknown, .recordCorrupt, .otherInstallation, .markerDamaged,
        ]
        // In the order of the list: a number never changes its meaning.
        XCTAssertEqual(faults.map { ($0 as NSError).code }, Array(1...10))
        for fault in faults {
            XCTAssertEqual((fault as NSError).domain, "B2CoreAuth.KeychainFault")
            XCTAssertEqual((fault as NSError).localizedDescription, fault.description)
            XCTAssertEqual(fault.localizedDescription, fault.description)
        }
    }

    func testSettingsThatCannotBeUsedAreRefusedTyped() {
        let store = StoreChoice.custom(ClassStore())
        func refused(_ make: () throws(AuthError) -> AuthClient, line: UInt = #line) {
            do {
                _ = try make()
                XCTFail("it was accepted", line: line)
            } catch {
                // The type of the error is known without a cast.
                guard case .setup = error else { return XCTFail("\(error)", line: line) }
            }
        }
        for timeout in [0, -1, .nan, .infinity, 1e12] as [TimeInterval] {
            refused { () throws(AuthError) in try AuthClient(host: "https://a.example", timeout: timeout, store: store) }
        }
        for limits in [AttemptLimits(signIn: -1), AttemptLimits(window: -1), AttemptLimits(block: .nan)] {
            refused { () throws(AuthError) in try AuthClient(host: "https://a.example", limits: limits, store: store) }
        }
        refused { () throws(AuthError) in try AuthClient(host: "http://a.example", store: store) }
    }
}

extension World {
    fileprivate func refusedCode() async throws {
        let step = try await atCode()
        host.next(.say(400, Bodies.refusal))
        _ = try await step.submit(code: "123456")
    }
}
