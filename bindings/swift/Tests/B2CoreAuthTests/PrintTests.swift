import B2CoreAuth
import XCTest

/// Every secret and every word of the host begins with `canary` here; nothing that prints may show one.
final class PrintTests: AuthTestCase {
    func testNothingPrintsASecret() async throws {
        let world = try World()
        var values: [Any] = [world.client]
        let wizard = Answer.ok(Bodies.wizard)
        let ways: [[Answer]] = [
            [], [wizard], [wizard, .ok(Bodies.choice)], [wizard, .ok(Bodies.code)], [wizard, .ok(Bodies.resetCode)],
            [wizard, .ok(Bodies.workflow("kyc_form"))],
        ]
        for way in ways {
            let signIn = try await world.walk(way)
            values += [signIn, signIn.current, signIn.current.payload]
        }
        let other = try World()
        let reset = try await other.walk([wizard, .ok(Bodies.resetCode), .ok(Bodies.newPassword)])
        let mailed = try await other.walk([.ok(Bodies.mailedCode)], office: .back)
        let session = try await other.signedIn()
        let token = try await session.accessToken()
        values += [reset, reset.current, reset.current.payload, mailed, mailed.current, mailed.current.payload]
        values += [session, token, SignInStep.signedIn(session)]
        let requests = world.host.asked + other.host.asked
        values += requests as [Any]
        values += try await qrValues()
        values += try plainValues()
        // So that a new type is not forgotten here.
        XCTAssertEqual(try publicTypes().subtracting(values.map { "\(type(of: $0))" }), [])
        for value in values { XCTAssertEqual(canaries(value), [], "\(type(of: value))") }

        // The canaries are there where they are asked for.
        XCTAssertEqual(token.value, "canary-access")
        XCTAssertEqual(canaries("canary").count, 3)
        let bodies = requests.compactMap { $0.body }.map { String(decoding: $0, as: UTF8.self) }
        XCTAssertTrue(bodies.contains { $0.contains(World.password) })
    }

    /// A value of each type that an app can make by itself.
    private func plainValues() throws -> [Any] {
        let bearer = HttpHeader(name: "Authorization", value: "Bearer canary-access")
        let body = Data("canary".utf8)
        let secret = Passphrase("canary-passphrase")
        let states: [AuthState] = [
            .signedIn(account: "canary@example.com"), .reauthenticationRequired(account: "canary"), .signedOut,
        ]
        var values: [Any] = [
            bearer, HttpResponse(status: 200, headers: [bearer], body: body),
            HttpRequest(method: "POST", url: "https://broker.example", headers: [bearer], body: body),
            secret, StoreChoice.file(path: "/store", passphrase: secret), StoreChoice.memory,
            StoreChoice.custom(ClassStore()), TransportChoice.custom(FakeHost()), TransportChoice.bundled,
            ChannelChoice.custom(HandChannel()), LoadResult.found(body), LoadResult.missing,
            SignedOut(account: "canary@example.com", revocation: .revoked),
            MethodOption(method: .sms, caption: "canary"), ServerMessage(lines: ["canary-text"]),
            AccountKey(profile: "canary", host: "https://broker.example", office: .front),
            ChannelSubscription(
                url: "https://broker.example", channel: "canary", headers: [bearer], userAgent: "canary"),
            QrDetails(account: "canary@example.com", host: "https://broker.example", ip: "canary", location: "canary"),
            AttemptLimits(), WizardInfo(recaptchaRequired: true), PendingRevocations(delivered: 1, pending: 0),
            Recovery.wait(1), TestClock(), URLSessionTransport(),
        ]
        values += try keychainValues()
        values += states as [Any]
        values += states.map { StateChange(state: $0, reason: .stored) } as [Any]
        values += [Office.front, TwoFactorMethod.sms, StateReason.stored, Health.healthy, RevocationStatus.revoked]
        values += [NetworkProblem.tls, InputProblem.noEmail, QrProblem.noCode, ChannelProblem.tls, QrExpiry.late]
        let pins = try CertificatePins([
            "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "sha256/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
        ])
        values += [pins, pins.state(), CertificatePins.AfterExpiry.refuse] as [Any]
        values += [QrRisk.other, ScanSource.link, StoreError.failed, TransportError.network(.tls), AuthError.busy]
        struct Own: Error, CustomStringConvertible { var description: String { "canary" } }
        let cause = FailureCause(Own())
        values += [cause, StoreFailure(.failed, because: Own()), TransportError.network(.tls, cause: cause)] as [Any]
        values += [
            AuthError.storeUnavailable(cause: cause), AuthError.network(.failed, correlationId: nil, cause: cause),
            AuthError.channel(.failed, cause: cause),
        ] as [Any]
        return values
    }

    private func keychainValues() throws -> [Any] {
        let marker = URL(fileURLWithPath: "/marker")
        return [
            FileLock(folder: URL(fileURLWithPath: "/locks")), KeychainSessionStore(service: "example.acme"),
            KeychainBinding.device, KeychainBinding.installation(marker: marker),
            KeychainFault.keychainFailed(status: -25_308),
            try TokenScope("https://broker.example"),
        ]
    }

    private func qrValues() async throws -> [Any] {
        let display = try Display(.ok(Bodies.code("canary-channel")))
        let (states, code, watch) = try await display.shown()
        let phone = try World()
        let request = try await phone.signedIn().inspectQr("canary-channel", source: .link)
        XCTAssertTrue(code.payload.contains("canary"))
        return [
            display.signIn, display.signIn.states, states, QrState.shown(code), code,
            try XCTUnwrap(code.matrix), watch.subscription, watch.events, request, request.details,
        ]
    }

    /// The names of all public types that have values, as a type prints them.
    private func publicTypes() throws -> Set<String> {
        let types = try PublicApi.types(["struct", "enum", "class"])
        XCTAssertGreaterThan(types.count, 40)
        return Set(types.compactMap { $0.components(separatedBy: ".").last })
    }

    func testNoErrorPrintsASecret() async throws {
        for (name, _, produce) in ErrorProducers.all {
            let error = try await refused { try await produce(World()) }
            XCTAssertEqual(canaries(error), [], "\(name)")
            XCTAssertFalse("\(error)".contains("jdoe"), "\(name)")
            XCTAssertEqual(error.localizedDescription, error.localizedMessage(), "\(name)")
            XCTAssertFalse(error.localizedMessage().contains("jdoe"), "\(name)")
            XCTAssertEqual(String(reflecting: error), "\(error)", "\(name)")
            XCTAssertFalse("\(error)".contains(String(describing: type(of: error))), "its text: \(error)")
            var dumped = ""
            dump(error, to: &dumped)
            XCTAssertTrue(dumped.contains(error.code), dumped)
        }
        let message = ServerMessage(lines: ["canary-text"])
        XCTAssertEqual(canaries(message), [])
        XCTAssertEqual(canaries(AuthError.wrongCode(attemptsLeft: nil, serverMessage: message, correlationId: nil)), [])
        XCTAssertEqual(message.lines, ["canary-text"])
        let network = TransportError.network(.timedOut)
        XCTAssertEqual("\(network)", network.localizedDescription)
        for error in [StoreError.unavailable, .failed] {
            XCTAssertEqual("\(error)", error.localizedDescription)
            XCTAssertEqual("\(error)", String(reflecting: error))
        }
    }

    /// The ways to print a value that show a canary, or a name of a layer below.
    private func canaries(_ value: Any) -> [String] {
        var ways = ["description": "\(value)", "reflecting": String(reflecting: value)]
        var dumped = ""
        dump(value, to: &dumped)
        ways["dump"] = dumped
        if let error = value as? any Error {
            ways["localizedDescription"] = error.localizedDescription
            ways["NSError"] = "\(error as NSError)"
        }
        return ways.filter { way in
            ["canary", "Generated", "uniffi", "Uniffi", "raw:", "Rust"].contains { way.value.contains($0) }
        }.map { "\($0.key): \($0.value)" }
    }
}

extension SignInStep {
    /// What the case carries.
    fileprivate var payload: Any {
        switch self {
        case .start(let step): step
        case .credentials(let step): step
        case .chooseMethod(let step): step
        case .code(let step): step
        case .mailedCode(let step): step
        case .resetCode(let step): step
        case .newPassword(let step): step
        case .signedIn(let session): session
        case .unsupported(let workflow): workflow
        }
    }
}
