internal import B2CoreAuthSandboxGenerated
import Foundation

/// What was asked of a ``Sandbox`` is not possible; nothing was changed. The text says what would be right, and quotes no secret.
public enum SandboxError: Error, Equatable, Sendable {
    /// The sandbox did not start: there is no free port, thread or random number, or the base path or a name is none.
    case start(String)
    /// A user, or a text of users, cannot be used.
    case users(String)
    /// The text is no fault.
    case fault(String)
    /// The text is no dialect.
    case dialect(String)
    /// Another setting cannot be used.
    case setting(String)

    /// What is wrong, and what would be right.
    public var problem: String {
        switch self {
        case .start(let problem), .users(let problem), .fault(let problem), .dialect(let problem),
            .setting(let problem):
            problem
        }
    }
}

extension SandboxError: CustomStringConvertible, LocalizedError {
    public var description: String { problem }
    public var errorDescription: String? { problem }
}

/// Calls the native sandbox.
func native<T>(_ call: () throws -> T) throws(SandboxError) -> T {
    do {
        return try call()
    } catch let error as B2CoreAuthSandboxGenerated.SandboxError {
        throw SandboxError(error)
    } catch {
        preconditionFailure("the native sandbox has thrown something else")
    }
}

extension SandboxError {
    fileprivate init(_ raw: B2CoreAuthSandboxGenerated.SandboxError) {
        switch raw {
        case .Start(let problem): self = .start(problem)
        case .Users(let problem): self = .users(problem)
        case .Fault(let problem): self = .fault(problem)
        case .Dialect(let problem): self = .dialect(problem)
        case .Setting(let problem): self = .setting(problem)
        }
    }
}
