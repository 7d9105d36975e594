import B2CoreAuth
import Observation

/// What the display shows. A code that is shown is a secret, and prints nothing.
enum QrDisplayUiState: Equatable {
    case waiting
    /// The code to draw, on a light ground. `location` is where the host takes this screen to be.
    case code(QrMatrix, location: String?)
    /// Somebody has approved: hide the code.
    case approved
    case declined
    /// The host has no QR sign-in: show the form instead.
    case notAvailable
    case signedIn(account: String)
    /// It could not go on. The message is for the user, who can begin again.
    case failed(message: String)
}

/// The display of a QR sign-in. Call `start()` when the scene becomes active, and `stop()` when it leaves the foreground for longer.
@available(iOS 17, macOS 14, *)
@MainActor
@Observable
final class QrDisplayViewModel {
    private(set) var state = QrDisplayUiState.waiting

    @ObservationIgnored private let client: AuthClient
    @ObservationIgnored private var signIn: QrSignIn?
    @ObservationIgnored private(set) var work: Task<Void, Never>?

    init(client: AuthClient) {
        self.client = client
    }

    /// Nobody is signed in by a code of a screen that is gone.
    deinit {
        signIn?.cancel()
    }

    /// Shows a code, unless one is shown already.
    func start() {
        guard signIn == nil else { return }
        let next = client.qrSignIn()
        (signIn, state) = (next, .waiting)
        // The model can go while a state is waited for.
        work = Task { [weak self] in
            do {
                for try await state in next.states { self?.show(state, of: next) }
            } catch let error as AuthError {
                self?.fail(error, of: next)
            } catch {
                // Cancelled, by `stop()`.
            }
            self?.end(next)
        }
    }

    /// Shows no code any more. Nobody is signed in by one that was shown.
    func stop() {
        signIn?.cancel()
        work?.cancel()
        signIn = nil
        if case .code = state { state = .waiting }
    }

    private func show(_ state: QrState, of signIn: QrSignIn) {
        guard signIn === self.signIn else { return }
        self.state =
            switch state {
            case .shown(let code), .renewed(let code):
                code.matrix.map { .code($0, location: code.location) } ?? .notAvailable
            case .expired: .waiting  // The next one follows by itself.
            case .approved: .approved
            case .declined: .declined
            case .notAvailable: .notAvailable
            case .signedIn(let session): .signedIn(account: session.account)
            }
    }

    private func fail(_ error: AuthError, of signIn: QrSignIn) {
        if signIn === self.signIn { state = .failed(message: error.localizedMessage()) }
    }

    private func end(_ signIn: QrSignIn) {
        if signIn === self.signIn { self.signIn = nil }
    }
}
