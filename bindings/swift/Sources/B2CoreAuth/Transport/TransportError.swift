import Foundation

/// What a ``Transport`` throws to the library. The problem says whether the host may have received the request.
public enum TransportError: Error, Hashable, Sendable {
    /// There is no complete answer.
    case network(NetworkProblem)
}

extension TransportError {
    var raw: Raw.TransportError {
        switch self {
        case .network(let problem): .Network(problem: problem.raw)
        }
    }
}

extension TransportError: LocalizedError, CustomStringConvertible, CustomDebugStringConvertible {
    /// A sentence in English, for a log.
    public var description: String { raw.description }
    public var debugDescription: String { description }
    public var errorDescription: String? { description }
}

extension TransportError: CustomNSError {
    /// `B2CoreAuth.TransportError`.
    public static var errorDomain: String { "B2CoreAuth.TransportError" }

    /// 1: there is no complete answer.
    public var errorCode: Int {
        switch self {
        case .network: 1
        }
    }

    public var errorUserInfo: [String: Any] { [NSLocalizedDescriptionKey: description] }
}
