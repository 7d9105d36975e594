import Foundation

/// The passwords that a sandbox's tests have set, by e-mail; letter case does not matter.
final class Passwords: @unchecked Sendable {
    private let lock = NSLock()
    private var known: [String: String] = [:]

    init(_ users: [NewUser]) {
        for user in users { self[user.email] = user.password }
    }

    subscript(email: String) -> String? {
        get { lock.withLock { known[Passwords.key(email)] } }
        set { lock.withLock { known[Passwords.key(email)] = newValue } }
    }

    private static func key(_ email: String) -> String {
        email.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    }
}
