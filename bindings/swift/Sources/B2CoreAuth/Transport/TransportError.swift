import Foundation

/// What a ``Transport`` throws to the library. The problem says whether the host may have received the request.
public enum TransportError: Error, Hashable, Sendable {
    /// There is no complete answer. What lies behind it becomes the ``AuthError/underlyingError`` of the caller's error.
    case network(NetworkProblem, cause: FailureCause = FailureCause())
}

extension TransportError {
    /// What lies behind it is kept for the caller of the library, which itself knows its number only.
    func kept() -> Raw.TransportError {
        switch self {
        case .network(let problem, let cause):
            .Network(problem: problem.raw, thrown: cause.underlyingError.map(Thrown.keep))
        }
    }
}

extension TransportError: LocalizedError, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A sentence in English, for a log.
    public var description: String {
        switch self {
        case .network(let problem, _): Raw.TransportError.Network(problem: problem.raw, thrown: nil).description
        }
    }
    public var debugDescription: String { description }
    public var errorDescription: String? { description }

    /// The problem alone. `dump` reflects on values, whatever their description is.
    public var customMirror: Mirror {
        switch self {
        case .network(let problem, _): Mirror(self, children: ["network": problem])
        }
    }
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
