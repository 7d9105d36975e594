import B2CoreAuth
import Foundation
import XCTest

/// A host or network that misbehaves: the error that the app gets, and that its step stays usable.
final class FaultTests: AuthTestCase {
    /// Faults before the host processes the request: afterwards the same code, on the same step, signs in.
    private static let faults = [
        "drop=before": "Network interrupted, retry",
        "garbage": "Network notHttp, report",
        "html=200": "UnexpectedAnswer, report",
        "html=502": "HostFailed 502, retry",
        "status=503,retry_after=7": "HostFailed 503 after 7, retry",
        "redirect=302,to=TARGET": "UnexpectedAnswer, report",
        "redirect=307,to=TARGET": "UnexpectedAnswer, report",
        "huge=announced": "Network tooLarge, report",
        "huge=chunked": "Network tooLarge, report",
        "bomb,size=2g": "Network tooLarge, report",
    ]

    /// Generous: Foundation takes memory as it likes. The answers have gigabytes.
    private static let mostMemory = 512 * 1024

    func testFaultsWithTheBundledTransport() async throws {
        try await every(Self.faults) { .bundled }
    }

    func testFaultsWithTheAppsTransport() async throws {
        var faults = Self.faults
        #if canImport(FoundationNetworking)
            // Foundation on Linux does not tell this from a connection that breaks.
            faults["garbage"] = "Network interrupted, retry"
        #endif
        try await every(faults) { .custom(URLSessionTransport()) }
    }

    private func every(_ faults: [String: String], _ own: () -> TransportChoice) async throws {
        let sandbox = try sandbox()
        let target = try self.sandbox()
        let before = peakMemory()
        for (fault, expected) in faults {
            try await sandbox.clearFaults()
            let (_, _, form) = try await credentials(sandbox, transport: own())
            let step = try await form.submit(email: "sms@example.com", password: Sandbox.password).code
            let asked = try await sandbox.requests("/2fa/sms")
            let there = "\(target.host)/api/v2/my/2fa/sms"
            try await sandbox.fault("check_sms:" + fault.replacingOccurrences(of: "TARGET", with: there))
            let code = try await sandbox.sentCode("sms@example.com")
            let failed = try await refused { try await step.submit(code: code) }
            XCTAssertEqual(short(failed), expected, fault)
            let again = try await sandbox.requests("/2fa/sms")
            XCTAssertEqual(again, asked + 1, fault)
            try await sandbox.clearFaults()
            _ = try await step.submit(code: code).session
        }
        let elsewhere = try await target.requests("/2fa/sms")
        XCTAssertEqual(elsewhere, 0, "nothing is sent where a redirect points")
        XCTAssertLessThan(peakMemory() - before, Self.mostMemory, "an answer of gigabytes is not read into memory")
    }

    func testATimeoutKeepsTheStep() async throws {
        let sandbox = try sandbox()
        let client = try AuthClient(host: sandbox.host, timeout: 1, store: .memory)
        let form = try await client.signIn(.front).opened()
        let step = try await form.submit(email: "sms@example.com", password: Sandbox.password).code
        let code = try await sandbox.sentCode("sms@example.com")
        try await sandbox.fault("check_sms:delay=3600s")
        let failed = try await refused { try await step.submit(code: code) }
        XCTAssertEqual(short(failed), "Network timedOut, retry")
        try await sandbox.clearFaults()
        _ = try await step.submit(code: code).session
    }

    func testATakenCodeWhoseAnswerIsLostEndsTheSignIn() async throws {
        let sandbox = try sandbox()
        let (_, signIn, form) = try await credentials(sandbox)
        let step = try await form.submit(email: "sms@example.com", password: Sandbox.password).code
        let code = try await sandbox.sentCode("sms@example.com")
        try await sandbox.fault("check_sms:drop=after,times=1")
        let lost = try await refused { try await step.submit(code: code) }
        XCTAssertEqual(short(lost), "Network interrupted, retry")
        let over = try await refused { try await step.submit(code: code) }
        XCTAssertEqual(short(over), "SignInExpired, restart")
        let again = try await signIn.current.start.open().credentials
        let last = try await again.submit(email: "sms@example.com", password: Sandbox.password).code
        _ = try await last.submit(code: sandbox.sentCode("sms@example.com")).session
    }

    func testALostAnswerToTheFormIsNoWrongPassword() async throws {
        let sandbox = try sandbox()
        let (_, _, form) = try await credentials(sandbox)
        try await sandbox.fault("sign_in:drop=after,times=1")
        let lost = try await refused { try await form.submit(email: "sms@example.com", password: Sandbox.password) }
        XCTAssertEqual(short(lost), "Network interrupted, retry")
        let code = try await form.submit(email: "sms@example.com", password: Sandbox.password).code
        _ = try await code.submit(code: sandbox.sentCode("sms@example.com")).session
    }

    func testADeadWizardBeginsAnew() async throws {
        let sandbox = try sandbox()
        let (_, signIn, form) = try await credentials(sandbox)
        let step = try await form.submit(email: "sms@example.com", password: Sandbox.password).code
        try await sandbox.steer("wizards", "{}")
        let code = try await sandbox.sentCode("sms@example.com")
        let over = try await refused { try await step.submit(code: code) }
        XCTAssertEqual(short(over), "SignInExpired, restart")
        _ = try signIn.current.start
        let last = try await signIn.opened().submit(email: "sms@example.com", password: Sandbox.password).code
        _ = try await last.submit(code: sandbox.sentCode("sms@example.com")).session
    }

    private func short(_ failed: AuthError) -> String {
        let what =
            switch failed {
            case .network(let problem, let id, _): id == nil ? "Network without an id" : "Network \(name(problem))"
            case .hostFailed(let status, let after, _): "HostFailed \(status)" + (after.map { " after \(Int($0))" } ?? "")
            case .unexpectedAnswer: "UnexpectedAnswer"
            case .signInExpired: "SignInExpired"
            default: "another error"
            }
        let next =
            switch failed.recovery {
            case .retry: "retry"
            case .wait: "wait"
            case .askUser: "askUser"
            case .restart: "restart"
            case .signInAgain: "signInAgain"
            case .reload: "reload"
            case .report: "report"
            }
        return "\(what), \(next)"
    }

    /// Printed, a problem is a sentence.
    private func name(_ problem: NetworkProblem) -> String {
        switch problem {
        case .unreachable: "unreachable"
        case .tls: "tls"
        case .pinMismatch: "pin_mismatch"
        case .interrupted: "interrupted"
        case .timedOut: "timedOut"
        case .tooLarge: "tooLarge"
        case .notHttp: "notHttp"
        case .failed: "failed"
        }
    }

    /// The most that this process has had in memory so far, in KiB; 0 if the system does not say.
    private func peakMemory() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}
