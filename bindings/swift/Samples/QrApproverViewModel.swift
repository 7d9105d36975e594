import B2CoreAuth
import Observation

/// What the approver shows.
enum QrApproverUiState: Equatable {
    /// The scanner runs. The message is why the last code was of no use.
    case scanning(message: String?)
    case checking
    /// The question, and what to warn of, with two answers of the same weight.
    case asking(question: String, warnings: [String], message: String?)
    case approved
    case declined
    /// Nobody is signed in here, so nothing can be approved.
    case notSignedIn
}

/// The approver of a QR sign-in: it takes whatever a scanner gives, asks, and approves or declines once.
@available(iOS 17, macOS 14, *)
@MainActor
@Observable
final class QrApproverViewModel {
    private(set) var state = QrApproverUiState.scanning(message: nil)

    @ObservationIgnored private let client: AuthClient
    @ObservationIgnored private var request: QrRequest?
    @ObservationIgnored private(set) var work: Task<Void, Never>?

    init(client: AuthClient) {
        self.client = client
    }

    /// Takes what was scanned. Scanners report a code many times a second: the first counts while the scanner runs.
    func onScanned(_ text: String, source: ScanSource) {
        guard case .scanning = state else { return }
        check { model in
            guard let session = try await model.client.session(.front) else { return .notSignedIn }
            let request = try await session.inspectQr(text, source: source)
            try Task.checkCancellation()
            model.request = request
            return model.asking(about: request)
        }
    }

    func approve() {
        answer { model, request in
            do {
                try await request.approve()
                return .approved
            } catch let error as AuthError {
                guard case .qr(.notConfirmed, _, _, _) = error else { throw error }
                return model.asking(about: request, message: error.localizedMessage())
            }
        }
    }

    func decline() {
        answer { _, request in
            try await request.decline()
            return .declined
        }
    }

    /// Back to the scanner. A prompt of the app's that is open is cancelled.
    func cancel() {
        work?.cancel()
        (request, state) = (nil, .scanning(message: nil))
    }

    /// An answer is given once: a second tap finds nothing to answer.
    private func answer(
        _ call: @escaping @MainActor (QrApproverViewModel, QrRequest) async throws -> QrApproverUiState
    ) {
        guard case .asking = state, let request else { return }
        check { try await call($0, request) }
    }

    private func check(_ call: @escaping @MainActor (QrApproverViewModel) async throws -> QrApproverUiState) {
        state = .checking
        work = Task {
            do {
                let next = try await call(self)
                if !Task.isCancelled { state = next }
            } catch let error as AuthError {
                if !Task.isCancelled { state = .scanning(message: error.localizedMessage()) }
            } catch {
                // Cancelled: the scanner runs again.
            }
        }
    }

    private func asking(about request: QrRequest, message: String? = nil) -> QrApproverUiState {
        let details = request.details
        return .asking(
            question: details.question(), warnings: details.risks.map { $0.localizedMessage() }, message: message)
    }
}
