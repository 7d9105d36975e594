import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A transport of the app's own: sends a request unchanged and returns the answer, whatever its status, with all its headers. It must
/// not follow redirects, keep cookies of its own (`Cookie` is sent and `Set-Cookie` handed over as it is), send a request twice by
/// itself, or log headers or bodies. ``URLSessionTransport`` is one, and another can be put around it.
///
/// Throw a ``TransportError``, or let a `URLError` through: it counts as the ``NetworkProblem`` that it is. A `CancellationError`
/// counts as ``NetworkProblem/interrupted``, since the host may have received the request. Anything else becomes
/// ``NetworkProblem/failed``. What was thrown is the ``AuthError/underlyingError`` of what the caller gets, and is printed nowhere else.
public protocol Transport: Sendable {
    /// Sends the request and waits for the whole answer. Its task is cancelled when nobody waits any more.
    func send(_ request: HttpRequest) async throws -> HttpResponse
}

/// What sends the requests.
public enum TransportChoice: Sendable {
    /// The HTTP and TLS stack of this library. Not in a native library that is built without one.
    case bundled
    /// A transport of the app's own, such as ``URLSessionTransport``.
    case custom(any Transport)
}

extension TransportChoice {
    var raw: Raw.TransportChoice {
        switch self {
        case .bundled: .bundled
        case .custom(let transport): .custom(transport: TransportAdapter(transport))
        }
    }
}

extension TransportChoice: CustomStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .bundled: "bundled"
        case .custom: "custom(..)"
        }
    }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// An app's transport as the library calls it.
final class TransportAdapter: Raw.Transport {
    private let transport: any Transport

    init(_ transport: any Transport) {
        self.transport = transport
    }

    func send(request: Raw.HttpRequest) async throws -> Raw.HttpResponse {
        do {
            return try await transport.send(HttpRequest(request)).raw()
        } catch let error as TransportError {
            throw error.kept()
        } catch let error as URLError {
            throw TransportError.network(NetworkProblem(error), cause: FailureCause(error)).kept()
        } catch let error as CancellationError {
            throw TransportError.network(.interrupted, cause: FailureCause(error)).kept()
        } catch {
            throw TransportError.network(.failed, cause: FailureCause(error)).kept()
        }
    }
}
