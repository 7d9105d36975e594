import B2CoreAuthGenerated
import Foundation

/// The same through the generated layer alone.
func rawSignedIn() async throws -> Session {
    let client = try AuthClient(
        config: ClientConfig(host: "https://broker.example"), store: .memory, transport: .custom(transport: RawYes()),
        channel: .off)
    guard case .start(let start) = client.signIn(office: .front).current(),
        case .credentials(let form) = try await start.open(),
        case .signedIn(let session) = try await form.submit(email: "ann@example.com", password: "Secret123")
    else { throw TransportError.Network(problem: .failed, thrown: nil) }
    return session
}

private final class RawYes: Transport {
    func send(request: HttpRequest) async throws -> HttpResponse {
        HttpResponse(status: 200, headers: [], body: answer(method: request.method()))
    }
}
