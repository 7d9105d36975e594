import Foundation

/// What to do next after an ``AuthError``.
public enum Recovery: Hashable, Sendable {
    /// Retry the same call, after so many seconds if there is a wait.
    case retry(after: TimeInterval?)
    /// Too many attempts: wait for so many seconds, then ask the user again.
    case wait(TimeInterval)
    /// Ask the user for the same input again.
    case askUser
    /// Begin a new sign-in.
    case restart
    /// The user has to sign in again.
    case signInAgain
    /// Somebody else has signed in, or the sign-in has moved on: get the session or the step anew, and go on with that.
    case reload
    /// Nothing that the user can fix: report it.
    case report
}

extension Recovery {
    init(_ raw: Raw.Recovery) {
        self =
            switch raw {
            case .retry(let seconds): .retry(after: seconds.map(TimeInterval.init))
            case .wait(let seconds): .wait(TimeInterval(seconds))
            case .askUser: .askUser
            case .restart: .restart
            case .signInAgain: .signInAgain
            case .reload: .reload
            case .report: .report
            }
    }
}
