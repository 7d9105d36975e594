/// Where a ``QrSignIn`` is.
public enum QrState: Hashable, Sendable {
    /// The first code is to be shown.
    case shown(QrCode)
    /// Another code is to be shown; the last one is not usable any more.
    case renewed(QrCode)
    /// The code was approved. It is exchanged now, and must not be shown any more.
    case approved
    /// Whoever scanned the code declined. This is the end.
    case declined
    /// The code must not be shown any more. The next one follows by itself.
    case expired(QrExpiry)
    /// The approval was exchanged, and the session is saved. This is the end.
    case signedIn(Session)
    /// The host has no QR sign-in, or it is switched off. This is the end.
    case notAvailable

    init(_ raw: Raw.QrState) {
        switch raw {
        case .shown(let code): self = .shown(QrCode(raw: code))
        case .renewed(let code): self = .renewed(QrCode(raw: code))
        case .approved: self = .approved
        case .declined: self = .declined
        case .expired(let reason): self = .expired(QrExpiry(reason))
        case .signedIn(let session): self = .signedIn(Session(SharedSession(session)))
        case .notAvailable: self = .notAvailable
        }
    }
}
