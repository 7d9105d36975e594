/// Why a QR sign-in did not go on.
public enum QrProblem: String, CaseIterable, Codable, Hashable, Sendable {
    /// Approver: what was scanned is no sign-in code. Nothing was sent.
    case notACode = "not_a_code"
    /// Approver: the code names another host than this session's. Nothing was sent.
    case otherHost = "other_host"
    /// The host has no QR sign-in, or it is switched off.
    case notAvailable = "not_available"
    /// The host does not know the code or the approval any more.
    case expired
    /// Approver: the code was approved or declined before.
    case alreadyUsed = "already_used"
    /// Approver: this request was approved or declined before.
    case alreadyDecided = "already_decided"
    /// Approver: the user did not confirm. Nothing was sent; the request can be approved again.
    case notConfirmed = "not_confirmed"
    /// Approver: the host did not take the access token, before it looked at the code.
    case unauthorized
    /// Approver: the approval was sent and no answer came. The other screen may be signed in.
    case uncertain
    /// Display: the approval was used before this display could. Somebody else may be signed in.
    case authorizationUsed = "authorization_used"
    /// Display: no code is shown that this approval could be of.
    case noCode = "no_code"
}

extension QrProblem {
    init(_ raw: Raw.QrProblem) {
        self =
            switch raw {
            case .notACode: .notACode
            case .otherHost: .otherHost
            case .notAvailable: .notAvailable
            case .expired: .expired
            case .alreadyUsed: .alreadyUsed
            case .alreadyDecided: .alreadyDecided
            case .notConfirmed: .notConfirmed
            case .unauthorized: .unauthorized
            case .uncertain: .uncertain
            case .authorizationUsed: .authorizationUsed
            case .noCode: .noCode
            }
    }

    var raw: Raw.QrProblem {
        switch self {
        case .notACode: .notACode
        case .otherHost: .otherHost
        case .notAvailable: .notAvailable
        case .expired: .expired
        case .alreadyUsed: .alreadyUsed
        case .alreadyDecided: .alreadyDecided
        case .notConfirmed: .notConfirmed
        case .unauthorized: .unauthorized
        case .uncertain: .uncertain
        case .authorizationUsed: .authorizationUsed
        case .noCode: .noCode
        }
    }
}
