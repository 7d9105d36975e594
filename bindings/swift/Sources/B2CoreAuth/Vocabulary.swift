import B2CoreAuthGenerated

// The types that come from the Rust library as they are. Apps import `B2CoreAuth` only.

/// Which part of the platform somebody signs in to: `.front` for clients, `.back` for staff.
public typealias Office = B2CoreAuthGenerated.Office

/// A two-factor method of the front office: `.google` or `.sms`.
public typealias TwoFactorMethod = B2CoreAuthGenerated.TwoFactorMethod

/// A two-factor method that the client may use, with what to show for it.
public typealias MethodOption = B2CoreAuthGenerated.MethodOption

/// What the host says about its sign-in page, such as whether reCAPTCHA is demanded.
public typealias WizardInfo = B2CoreAuthGenerated.WizardInfo

/// One account's place in a store; it prints without its profile, which may be an e-mail.
public typealias AccountKey = B2CoreAuthGenerated.AccountKey

/// Whether somebody is signed in; it prints without the account.
public typealias AuthState = B2CoreAuthGenerated.AuthState

/// Why a state is what it is.
public typealias StateReason = B2CoreAuthGenerated.StateReason

/// A state from now on, and why.
public typealias StateChange = B2CoreAuthGenerated.StateChange

/// What came of a sign-out.
public typealias SignedOut = B2CoreAuthGenerated.SignedOut

/// What the host knows of a sign-out.
public typealias RevocationStatus = B2CoreAuthGenerated.RevocationStatus

/// What became of the sign-outs that waited for the host.
public typealias PendingRevocations = B2CoreAuthGenerated.PendingRevocations

/// How many attempts an account has before the host blocks it.
public typealias AttemptLimits = B2CoreAuthGenerated.AttemptLimits

/// What went wrong. `recovery()` says what to do next, `code()` is a stable name for programs, and
/// ``AuthError/localizedMessage(locale:)`` is for the user.
public typealias AuthError = B2CoreAuthGenerated.AuthError

/// What to do next after an ``AuthError``.
public typealias Recovery = B2CoreAuthGenerated.Recovery

/// Why no answer came from the host.
public typealias NetworkProblem = B2CoreAuthGenerated.NetworkProblem

/// What is wrong with the user's input.
public typealias InputProblem = B2CoreAuthGenerated.InputProblem

/// What the host wrote for a person. Show its `lines` beside your own message; printing it shows none of them.
public typealias ServerMessage = B2CoreAuthGenerated.ServerMessage

/// Where sessions and pending steps are kept.
public typealias StoreChoice = B2CoreAuthGenerated.StoreChoice

/// The passphrase of a file store.
public typealias Passphrase = B2CoreAuthGenerated.Passphrase

/// A store of the app's own. A class or an `actor` can be one. Names have slashes and colons in them: they are no names of
/// files.
public typealias SessionStore = B2CoreAuthGenerated.SessionStore

/// What a ``SessionStore`` found.
public typealias LoadResult = B2CoreAuthGenerated.LoadResult

/// What a ``SessionStore`` throws.
public typealias StoreError = B2CoreAuthGenerated.StoreError

/// What carries the requests.
public typealias TransportChoice = B2CoreAuthGenerated.TransportChoice

/// A transport of the app's own. ``URLSessionTransport`` is one.
public typealias Transport = B2CoreAuthGenerated.Transport

/// A request that a ``Transport`` sends as it stands.
public typealias HttpRequest = B2CoreAuthGenerated.HttpRequest

/// The answer that a ``Transport`` gives back, whatever its status.
public typealias HttpResponse = B2CoreAuthGenerated.HttpResponse

/// A header of a request or an answer.
public typealias HttpHeader = B2CoreAuthGenerated.HttpHeader

/// What a ``Transport`` throws.
public typealias TransportError = B2CoreAuthGenerated.TransportError
