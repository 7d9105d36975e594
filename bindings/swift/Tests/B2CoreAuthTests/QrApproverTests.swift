import B2CoreAuth
import XCTest

private let code = #"{"id":"channel-1","host":"https://broker.example"}"#

/// An approver: a signed-in device that scans a code, and approves it.
final class QrApproverTests: AuthTestCase {
    func testARequestIsApprovedOnce() async throws {
        let phone = try Phone(.ok(#"{"approved":true}"#))
        let request = try await phone.session().inspectQr(code, source: .camera)
        XCTAssertEqual(request.details.account, World.email)
        XCTAssertEqual(request.details.host, "https://broker.example")
        XCTAssertEqual(phone.sent, [])
        try await request.approve()
        XCTAssertEqual(phone.sent.map { $0.contains("channel-1") }, [true])
        _ = try await qrProblem(.alreadyDecided) { try await request.approve() }
        _ = try await qrProblem(.alreadyDecided) { try await request.decline() }
        XCTAssertEqual(phone.sent.count, 1)
    }

    func testADeclinedRequestCannotBeApproved() async throws {
        let quiet = try Phone()
        let untold = try await quiet.session().inspectQr(code, source: .camera)
        var wasTold = try await untold.decline()
        XCTAssertFalse(wasTold)
        _ = try await qrProblem(.alreadyDecided) { try await untold.approve() }
        let told = try Phone(.say(204, ""), options: ["decline": "true"])
        let request = try await told.session().inspectQr(code, source: .camera)
        wasTold = try await request.decline()
        XCTAssertTrue(wasTold)
        XCTAssertEqual(told.host.asked.last?.url.hasSuffix("/my/signin/qrcodes/decline"), true)
        _ = try await qrProblem(.alreadyDecided) { try await request.approve() }
        XCTAssertEqual(quiet.sent + told.sent, [])
    }

    func testNothingIsApprovedWithoutTheUser() async throws {
        let user = User(answers: [false, false, false])
        let phone = try Phone(.ok("{}"), presence: user)
        let request = try await phone.session().inspectQr(code, source: .camera)
        for _ in 0..<3 {
            let problem = try await qrProblem(.notConfirmed) { try await request.approve() }
            XCTAssertEqual(problem.error.recovery, .askUser)
        }
        XCTAssertEqual(phone.sent, [])
        try await request.approve()
        XCTAssertEqual(phone.sent.count, 1)
        let asked = await user.asked
        XCTAssertEqual(asked.map(\.account), Array(repeating: World.email, count: 4))
    }

    func testCancellingAnApprovalDismissesThePrompt() async throws {
        let prompt = Prompt()
        let phone = try Phone(.ok("{}"), presence: prompt)
        let request = try await phone.session().inspectQr(code, source: .camera)
        let call = Task { try await request.approve() }
        try await prompt.shown.wait()
        call.cancel()
        do {
            try await call.value
            XCTFail("it was approved")
        } catch is CancellationError {}
        try await prompt.dismissed.wait()
        XCTAssertEqual(phone.sent, [])
        prompt.confirmed.give()
        try await request.approve()
        XCTAssertEqual(phone.sent.count, 1)
    }

    func testAnApprovalThatWasSentIsCarriedOut() async throws {
        let hold = Hold()
        let phone = try Phone(.hold(hold, then: .ok("{}")))
        let request = try await phone.session().inspectQr(code, source: .camera)
        let call = Task { try await request.approve() }
        try await hold.arrived.wait()
        call.cancel()
        do {
            try await call.value
            XCTFail("it did not wait")
        } catch is CancellationError {}
        XCTAssertFalse(hold.abandoned.isGiven)
        hold.release.give()
        _ = try await qrProblem(.alreadyDecided) { try await request.approve() }
    }

    func testTheDetailsAreTheHosts() async throws {
        let seen = #"""
            {"ip":"203.0.113.7","location":"Vienna's {0} 5 %","userAgent":"Firefox",
            "createdAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-01T00:02:00Z","yourIp":"198.51.100.1"}
            """#
        let phone = try Phone(.ok(seen), options: ["inspect": "true"])
        let request = try await phone.session().inspectQr(code, source: .link)
        let details = request.details
        XCTAssertEqual([details.ip, details.location, details.userAgent], ["203.0.113.7", "Vienna's {0} 5 %", "Firefox"])
        XCTAssertEqual(details.createdAt, Date(timeIntervalSince1970: 1_767_225_600))
        XCTAssertEqual(details.expiresAt, Date(timeIntervalSince1970: 1_767_225_720))
        XCTAssertEqual(details.risks, [.addressDiffers, .notFromCamera])
        let question =
            "A screen in Vienna's {0} 5 % will be signed in as jdoe@example.com. Approve it only if it is in front of you."
        XCTAssertEqual(details.question(locale: Locale(identifier: "en")), question)
        let german = details.question(locale: Locale(identifier: "de"))
        XCTAssertTrue(german.contains(World.email))
        XCTAssertNotEqual(german, question)
        for value in [details, request] as [Any] {
            var texts = "\(value) \(String(reflecting: value))"
            dump(value, to: &texts)
            for secret in ["jdoe", "203", "Vienna", "channel-1"] { XCTAssertFalse(texts.contains(secret), texts) }
        }
    }

    func testWhatIsUnknownIsSaid() async throws {
        let details = try await Phone().session().inspectQr("channel-1", source: .camera).details
        XCTAssertNil(details.ip)
        XCTAssertNil(details.location)
        XCTAssertEqual(details.risks, [.addressUnknown, .hostNotNamed])
        let question = details.question(locale: Locale(identifier: "en"))
        XCTAssertTrue(question.hasPrefix("A screen in an unknown place will be signed in as jdoe@example.com"), question)
        let risks: [QrRisk] = [
            .addressUnknown, .addressDiffers, .nearlyExpired, .hostNotNamed, .recentApproval, .notFromCamera, .other,
        ]
        for risk in risks {
            let texts = ["en", "de", "es"].map { risk.localizedMessage(locale: Locale(identifier: $0)) }
            XCTAssertEqual(Set(texts).count, 3, "\(risk)")
            XCTAssertTrue(texts.allSatisfy { $0.contains(" ") }, "\(texts)")
        }
    }

    func testWhatIsNoCodeOfThisHostSendsNothing() async throws {
        let phone = try Phone()
        let session = try await phone.session()
        let others = [#"{"id":"channel-1","host":"https://evil.example"}"#, "https://evil.example/qr?id=channel-1"]
        let none = ["", "\u{FFFD} lone", "WIFI:S:guest;;", String(repeating: "x", count: 5000)]
        for (texts, problem) in [(others, QrProblem.otherHost), (none, .notACode)] {
            for text in texts {
                let error = try await qrProblem(problem) { try await session.inspectQr(text, source: .camera) }
                XCTAssertNil(error.correlationId)
            }
        }
        XCTAssertEqual(phone.host.asked.count, 2, "of the sign-in")
    }

    func testARefusedApprovalSaysWhy() async throws {
        let refusals: [(Int, QrProblem)] = [(404, .expired), (410, .expired), (409, .alreadyUsed)]
        for (status, problem) in refusals {
            let request = try await Phone(.say(status, Bodies.refusal)).session().inspectQr(code, source: .camera)
            let error = try await qrProblem(problem) { try await request.approve() }
            XCTAssertEqual(error.lines.count, 1)
            XCTAssertNotNil(error.correlationId)
        }
        let phone = try Phone(.fail(TransportError.network(.interrupted)))
        let request = try await phone.session().inspectQr(code, source: .camera)
        _ = try await qrProblem(.uncertain) { try await request.approve() }
        XCTAssertEqual(phone.sent.count, 1, "an approval is not sent twice")
    }

    func testTheBackOfficeHasNoQrSignIn() async throws {
        let world = try World()
        let mailed = try await world.walk(.ok(Bodies.mailedCode), office: .back).current.mailedCode
        world.host.next(.ok(Bodies.pair))
        let session = try await mailed.submit(code: "123456").session
        _ = try await qrProblem(.notAvailable) { try await session.inspectQr(code, source: .camera) }
    }
}

/// A signed-in device at a scripted host.
private struct Phone {
    let host = FakeHost()
    private let client: AuthClient

    init(_ answers: Answer..., options: [String: String] = [:], presence: (any UserPresence)? = nil) throws {
        client = try AuthClient(
            host: "https://broker.example", store: .custom(ClassStore()), transport: .custom(host),
            userPresence: presence, qrOptions: options)
        host.next(.ok(Bodies.wizard), .ok(Bodies.pair))
        answers.forEach { host.next($0) }
    }

    func session() async throws -> Session {
        try await client.signIn(.front).opened().submit(email: World.email, password: World.password).session
    }

    /// The approvals that were sent.
    var sent: [String] { host.bodies("/my/signin/tokens") }
}

/// A user who answers this, and then yes.
private actor User: UserPresence {
    private var answers: [Bool]
    private(set) var asked: [QrDetails] = []

    init(answers: [Bool]) {
        self.answers = answers
    }

    func confirm(_ details: QrDetails) async -> Bool {
        asked.append(details)
        return answers.isEmpty ? true : answers.removeFirst()
    }
}

/// A prompt that stays until it is confirmed or dismissed.
private final class Prompt: UserPresence {
    let shown = Signal()
    let confirmed = Signal()
    let dismissed = Signal()

    func confirm(_ details: QrDetails) async -> Bool {
        shown.give()
        do {
            try await confirmed.wait()
            return true
        } catch {
            dismissed.give()
            return false
        }
    }
}
