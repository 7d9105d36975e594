import B2CoreAuth
import XCTest

@testable import B2CoreAuthSamples

/// The sample view models, on the main actor as in an app, against the sandbox.
@available(iOS 17, macOS 14, *)
final class SampleTests: AuthTestCase {
    func testFromTheFormToTheSession() async throws {
        try await Screens(sandbox: sandbox()).fromTheFormToTheSession()
    }

    func testAKilledProcessGoesOnAtTheCode() async throws {
        try await Screens(sandbox: sandbox()).aKilledProcessGoesOnAtTheCode()
    }

    func testStartingOverForgetsThePendingStep() async throws {
        try await Screens(sandbox: sandbox()).startingOverForgetsThePendingStep()
    }

    func testAChoiceAForcedResetAndALockedStoreHaveTheirScreens() async throws {
        try await Screens(sandbox: sandbox()).aChoiceAForcedResetAndALockedStoreHaveTheirScreens()
    }

    func testACancelKeepsTheScreenAndEventsPrintNoSecret() async throws {
        try await Screens(sandbox: sandbox()).aCancelKeepsTheScreenAndEventsPrintNoSecret()
    }

    func testADisplayIsSignedInByAnApprover() async throws {
        try await Screens(sandbox: sandbox()).aDisplayIsSignedInByAnApprover()
    }

    func testADisplayThatIsStoppedShowsNothing() async throws {
        try await Screens(sandbox: sandbox()).aDisplayThatIsStoppedShowsNothing()
    }
}

@available(iOS 17, macOS 14, *)
@MainActor
private struct Screens {
    let sandbox: Sandbox

    private func client(_ store: ClassStore) throws -> AuthClient {
        try AuthClient(host: sandbox.host, store: .custom(store))
    }

    private func model(_ store: ClassStore, email: String = "") async throws -> SignInViewModel {
        let model = SignInViewModel(client: try client(store), email: email)
        XCTAssertEqual(model.state, SignInUiState(screen: .loading, isBusy: true))
        await model.work?.value
        return model
    }

    /// What the user does, to its end.
    private func tap(_ model: SignInViewModel, _ event: SignInEvent) async {
        model.onEvent(event)
        await model.work?.value
        XCTAssertFalse(model.state.isBusy)
    }

    func fromTheFormToTheSession() async throws {
        let store = ClassStore()
        let model = try await model(store)
        XCTAssertEqual(model.state, SignInUiState(screen: .credentials(email: "")))
        await tap(model, .emailTyped("plain@example.com"))
        XCTAssertEqual(model.state.screen, .credentials(email: "plain@example.com"))
        await tap(model, .submitPassword("wrong"))
        XCTAssertNotNil(model.state.message)
        XCTAssertEqual(model.state.screen, .credentials(email: "plain@example.com"))
        await tap(model, .submitPassword(Sandbox.password))
        XCTAssertEqual(model.state, SignInUiState(screen: .signedIn(account: "plain@example.com")))
        await tap(model, .signOut)
        XCTAssertEqual(model.state, SignInUiState(screen: .credentials(email: "plain@example.com")))
        let session = try await client(store).session(.front)
        XCTAssertNil(session)
    }

    func aKilledProcessGoesOnAtTheCode() async throws {
        let store = ClassStore()
        try await toTheCode(store)
        let next = try await model(store)
        XCTAssertEqual(next.state.screen, .code(.sms))
        await tap(next, .submitCode("000000"))
        XCTAssertNotNil(next.state.message)
        XCTAssertEqual(next.state.screen, .code(.sms))
        await tap(next, .submitCode(try await sandbox.sentCode("sms@example.com")))
        XCTAssertEqual(next.state.screen, .signedIn(account: "sms@example.com"))
        let last = try await model(store)
        XCTAssertEqual(last.state.screen, .signedIn(account: "sms@example.com"))
    }

    func startingOverForgetsThePendingStep() async throws {
        let store = ClassStore()
        let model = try await toTheCode(store)
        await tap(model, .startOver)
        XCTAssertEqual(model.state.screen, .credentials(email: "sms@example.com"))
        let pending = try await client(store).resumeSignIn(.front)
        XCTAssertNil(pending)
    }

    func aChoiceAForcedResetAndALockedStoreHaveTheirScreens() async throws {
        let store = ClassStore()
        let both = try await model(store, email: "both@example.com")
        await tap(both, .submitPassword(Sandbox.password))
        guard case .chooseMethod(let options) = both.state.screen else { return XCTFail("\(both.state)") }
        XCTAssertEqual(Set(options.map(\.id)), Set(TwoFactorMethod.allCases))
        await tap(both, .choose(.google))
        XCTAssertEqual(both.state.screen, .code(.google))
        let reset = try await model(ClassStore(), email: "reset@example.com")
        await tap(reset, .submitPassword(Sandbox.password))
        XCTAssertEqual(reset.state.screen, .code(nil))
        await tap(reset, .submitCode(try await sandbox.sentCode("reset@example.com")))
        XCTAssertEqual(reset.state.screen, .newPassword)
        await tap(reset, .submitNewPassword("Longer456"))
        XCTAssertEqual(reset.state.screen, .credentials(email: "reset@example.com"))
        let locked = ClassStore()
        locked.when { _, _ in throw StoreError.unavailable }
        let model = try await model(locked)
        XCTAssertEqual(model.state.screen, .locked)
        locked.when(nil)
        await tap(model, .retry)
        XCTAssertEqual(model.state, SignInUiState(screen: .credentials(email: "")))
    }

    func aCancelKeepsTheScreenAndEventsPrintNoSecret() async throws {
        let world = try World()
        world.host.next(.ok(Bodies.wizard))
        let model = SignInViewModel(client: world.client, email: World.email)
        await model.work?.value
        let hold = Hold()
        world.host.next(.hold(hold, then: .ok(Bodies.pair)))
        model.onEvent(.submitPassword(World.password))
        let work = model.work
        try await hold.arrived.wait()
        XCTAssertTrue(model.state.isBusy)
        model.onEvent(.cancel)
        await work?.value
        XCTAssertEqual(model.state, SignInUiState(screen: .credentials(email: World.email)))
        XCTAssertEqual("\(SignInEvent.submitPassword(World.password)) \(SignInEvent.submitCode("1"))", "submitPassword submitCode")
    }

    func aDisplayIsSignedInByAnApprover() async throws {
        let camera = Camera()
        let display = QrDisplayViewModel(
            client: try AuthClient(host: sandbox.host, store: .custom(ClassStore()), transport: .custom(camera)))
        display.start()
        display.start()
        await polling { if case .code = display.state { true } else { false } }
        let payload = try XCTUnwrap(camera.seen)
        let phone = try client(ClassStore())
        let approver = QrApproverViewModel(client: phone)
        approver.onScanned(payload, source: .camera)
        await approver.work?.value
        XCTAssertEqual(approver.state, .notSignedIn)
        _ = try await phone.signedIn()
        let other = QrApproverViewModel(client: phone)
        other.onScanned("https://elsewhere.example/?qr=1", source: .camera)
        await other.work?.value
        guard case .scanning(.some) = other.state else { return XCTFail("\(other.state)") }
        other.onScanned(payload, source: .camera)
        other.onScanned(payload, source: .camera)
        await other.work?.value
        guard case .asking(let question, _, nil) = other.state else { return XCTFail("\(other.state)") }
        XCTAssertTrue(question.contains("plain@example.com"))
        other.approve()
        other.decline()
        await other.work?.value
        XCTAssertEqual(other.state, .approved)
        await display.work?.value
        XCTAssertEqual(display.state, .signedIn(account: "plain@example.com"))
    }

    func aDisplayThatIsStoppedShowsNothing() async throws {
        let hand = try Display(.ok(Bodies.code("channel-1")))
        let display = QrDisplayViewModel(client: hand.client)
        display.start()
        let watch = try await hand.channel.subscribed()
        await polling { if case .code = display.state { true } else { false } }
        display.stop()
        XCTAssertEqual(display.state, .waiting)
        await display.work?.value
        try await watch.ended.wait()
        XCTAssertEqual(display.state, .waiting)
    }

    @discardableResult
    private func toTheCode(_ store: ClassStore) async throws -> SignInViewModel {
        let model = try await model(store)
        await tap(model, .emailTyped("sms@example.com"))
        await tap(model, .submitPassword(Sandbox.password))
        XCTAssertEqual(model.state.screen, .code(.sms))
        return model
    }

    /// Polls on the main actor. The deadline only ends a test that hangs.
    private func polling(_ come: () -> Bool) async {
        let deadline = Date(timeIntervalSinceNow: 300)
        while !come() {
            guard Date() < deadline else { return XCTFail("it did not come") }
            await Task.yield()
        }
    }
}

/// Sees the code that a display was given: it stands for a camera.
private final class Camera: Transport, @unchecked Sendable {
    private struct Code: Decodable { let id: String }

    private let lock = NSLock()
    private var code: Code?
    private let behind = URLSessionTransport()

    var seen: String? { lock.withLock { code?.id } }

    func send(_ request: HttpRequest) async throws -> HttpResponse {
        let response = try await behind.send(request)
        if request.url.hasSuffix("/qrcodes"), let code = try? JSONDecoder().decode(Code.self, from: response.body) {
            lock.withLock { self.code = code }
        }
        return response
    }
}
