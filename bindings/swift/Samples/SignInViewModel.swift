import B2CoreAuth
import Observation

/// The sign-in screen: one state out, events in. It goes on after a killed process: the step is in the client's store, and only the
/// typed e-mail is the scene's to keep, such as by `@SceneStorage`.
@available(iOS 17, macOS 14, *)
@MainActor
@Observable
final class SignInViewModel {
    private(set) var state = SignInUiState()
    private(set) var email: String

    @ObservationIgnored private let client: AuthClient
    @ObservationIgnored private let office: Office
    @ObservationIgnored private var signIn: SignIn?
    @ObservationIgnored private(set) var work: Task<Void, Never>?

    init(client: AuthClient, office: Office = .front, email: String = "") {
        (self.client, self.office, self.email) = (client, office, email)
        ask { try await $0.load() }
    }

    func onEvent(_ event: SignInEvent) {
        switch event {
        case .emailTyped(let text): typed(text)
        case .submitPassword(let password): ask { try await $0.submitPassword(password) }
        case .choose(let method): ask { try await $0.choose(method) }
        case .submitCode(let code): ask { try await $0.submitCode(code) }
        case .submitNewPassword(let password): ask { try await $0.submitNewPassword(password) }
        case .cancel: work?.cancel()
        case .startOver: ask { try await $0.startOver() }
        case .retry: ask { try await $0.load() }
        case .signOut: ask { try await $0.signOut() }
        }
    }

    private func typed(_ text: String) {
        email = text
        if case .credentials = state.screen { state.screen = .credentials(email: text) }
    }

    private func submitPassword(_ password: String) async throws {
        guard case .credentials(let step) = signIn?.current else { return }
        _ = try await step.submit(email: email, password: password)
    }

    private func choose(_ method: TwoFactorMethod) async throws {
        switch signIn?.current {
        case .chooseMethod(let step): _ = try await step.choose(method)
        case .code(let step): _ = try await step.choose(method)
        default: break
        }
    }

    private func submitCode(_ code: String) async throws {
        switch signIn?.current {
        case .code(let step): _ = try await step.submit(code: code)
        case .mailedCode(let step): _ = try await step.submit(code: code)
        case .resetCode(let step): _ = try await step.submit(code: code)
        default: break
        }
    }

    private func submitNewPassword(_ password: String) async throws {
        guard case .newPassword(let step) = signIn?.current else { return }
        _ = try await step.submit(password: password)
    }

    /// The session or the pending sign-in of the store, or a new one.
    private func load() async throws {
        if let session = try await client.session(office) {
            state.screen = .signedIn(account: session.account)
        } else {
            signIn = try await client.resumeSignIn(office) ?? client.signIn(office)
        }
    }

    private func startOver() async throws {
        try await signIn?.abandon()
        signIn = client.signIn(office)
    }

    private func signOut() async throws {
        try await client.signOut(office)
        signIn = client.signIn(office)
    }

    /// A front-office wizard has to be opened before it takes anything: also the new one after a password reset.
    private func open() async throws {
        if case .start(let step) = signIn?.current { _ = try await step.open() }
    }

    /// Asks the host, one thing at a time, and shows where the sign-in is then, whatever came of it.
    private func ask(_ what: @escaping @MainActor (SignInViewModel) async throws -> Void) {
        guard work == nil else { return }
        (state.isBusy, state.message) = (true, nil)
        work = Task {
            do {
                try await what(self)
                try await open()
                show()
            } catch let error as AuthError {
                if error.recovery == .restart { await restart() }
                show()
                fail(error)
            } catch {
                show()  // Cancelled.
            }
            state.isBusy = false
            work = nil
        }
    }

    /// What it throws is not shown: the first error is what the user reads.
    private func restart() async {
        signIn = client.signIn(office)
        try? await open()
    }

    private func fail(_ error: AuthError) {
        if case .storeUnavailable = error, signIn == nil { state.screen = .locked }
        state.message = error.localizedMessage()
    }

    private func show() {
        guard let signIn else { return }
        state.screen =
            switch signIn.current {
            case .start, .credentials: .credentials(email: email)
            case .chooseMethod(let step): .chooseMethod(step.options)
            case .code(let step): .code(step.method)
            case .mailedCode, .resetCode: .code(nil)
            case .newPassword: .newPassword
            case .unsupported: .browser
            case .signedIn(let session): .signedIn(account: session.account)
            }
    }
}
