/// The part of B2Core to sign in to.
public enum Office: String, CaseIterable, Codable, Hashable, Sendable {
    /// For clients: a wizard with two-factor methods and forced password resets.
    case front
    /// For staff: a password, then an e-mailed code if the host requires one.
    case back
}

extension Office {
    init(_ raw: Raw.Office) {
        self =
            switch raw {
            case .front: .front
            case .back: .back
            }
    }

    var raw: Raw.Office {
        switch self {
        case .front: .front
        case .back: .back
        }
    }
}
