import B2CoreAuthGenerated

// The types that come from the Rust library as they are. Apps import `B2CoreAuth` only.

/// The part of B2Core to sign in to: `.front` for clients, `.back` for staff.
public typealias Office = B2CoreAuthGenerated.Office

/// A two-factor method of the front office: `.google` or `.sms`.
public typealias TwoFactorMethod = B2CoreAuthGenerated.TwoFactorMethod

/// A two-factor method that the client can choose, and the host's caption for it.
public typealias MethodOption = B2CoreAuthGenerated.MethodOption

/// What the wizard says about the sign-in page, such as whether it requires reCAPTCHA.
public typealias WizardInfo = B2CoreAuthGenerated.WizardInfo

/// Identifies an account in a store. It prints without its profile, which may be an e-mail.
public typealias AccountKey = B2CoreAuthGenerated.AccountKey

/// Whether a user is signed in. It prints without the account.
public typealias AuthState = B2CoreAuthGenerated.AuthState

/// The reason of a ``StateChange``.
public typealias StateReason = B2CoreAuthGenerated.StateReason

/// Whether the host and the store could be reached when they were last needed.
public typealias Health = B2CoreAuthGenerated.Health

/// The new state, its reason, and whether host and store can be reached.
public typealias StateChange = B2CoreAuthGenerated.StateChange

/// The result of a sign-out.
public typealias SignedOut = B2CoreAuthGenerated.SignedOut

/// Whether the host has revoked the tokens of a session that was signed out.
public typealias RevocationStatus = B2CoreAuthGenerated.RevocationStatus

/// The result of sending the pending revocations.
public typealias PendingRevocations = B2CoreAuthGenerated.PendingRevocations

/// The limits of the rate limiter: how many attempts an account has before the host blocks it.
public typealias AttemptLimits = B2CoreAuthGenerated.AttemptLimits

/// What went wrong. `recovery()` says what to do next, `code()` is a stable name for programs, and
/// ``AuthError/localizedMessage(locale:)`` is for the user.
public typealias AuthError = B2CoreAuthGenerated.AuthError

/// What to do next after an ``AuthError``.
public typealias Recovery = B2CoreAuthGenerated.Recovery

/// Why there is no answer.
public typealias NetworkProblem = B2CoreAuthGenerated.NetworkProblem

/// What is wrong with the user's input.
public typealias InputProblem = B2CoreAuthGenerated.InputProblem

/// The host's message for the user. Show its `lines` beside a message of your own. Printing it shows none of them.
public typealias ServerMessage = B2CoreAuthGenerated.ServerMessage

/// Where sessions and pending steps are stored.
public typealias StoreChoice = B2CoreAuthGenerated.StoreChoice

/// The passphrase of a file store.
public typealias Passphrase = B2CoreAuthGenerated.Passphrase

/// A store of the app's own: a class or an `actor`. It keeps bytes by name. The bytes hold tokens, so the store has to encrypt
/// them. Names contain slashes and colons, so they are not file names.
///
/// Within a process, records of one name are written one at a time, even through several clients and stores. Between processes,
/// such as an app and its extension, a ``ProcessLock`` does that. Without one, both can refresh at the same time with the same
/// refresh token: a host that rotates refresh tokens accepts only one of the two requests, and the other one can end the session.
/// Either process can also overwrite what the other has just saved: a sign-out can be undone, and attempts or pending revocations
/// can be lost. So give a lock, or let one process use the store and give the others access tokens, or use `StoreChoice.file`,
/// which locks between processes.
///
/// A call is waited for 15 seconds, while the process runs. The caller then gets an error, but nothing else is written under that
/// name until the call has really ended: end a call only when nothing of it can happen any more.
public typealias SessionStore = B2CoreAuthGenerated.SessionStore

/// Locks the records of a ``SessionStore`` between the processes that share it. The system has to free a lock when its process
/// dies: use a file lock in the shared container, not a record.
///
/// A lock is held during a refresh, which is as long as the host takes. It is not asked for twice by one process at a time.
public typealias ProcessLock = B2CoreAuthGenerated.ProcessLock

/// The result of a read of a ``SessionStore``.
public typealias LoadResult = B2CoreAuthGenerated.LoadResult

/// What a ``SessionStore`` throws.
public typealias StoreError = B2CoreAuthGenerated.StoreError

/// What sends the requests.
public typealias TransportChoice = B2CoreAuthGenerated.TransportChoice

/// A transport of the app's own. ``URLSessionTransport`` is one.
public typealias Transport = B2CoreAuthGenerated.Transport

/// A request that a ``Transport`` sends unchanged.
public typealias HttpRequest = B2CoreAuthGenerated.HttpRequest

/// The answer that a ``Transport`` returns, whatever its status.
public typealias HttpResponse = B2CoreAuthGenerated.HttpResponse

/// A header of a request or an answer.
public typealias HttpHeader = B2CoreAuthGenerated.HttpHeader

/// What a ``Transport`` throws.
public typealias TransportError = B2CoreAuthGenerated.TransportError

/// Why a QR sign-in did not go on.
public typealias QrProblem = B2CoreAuthGenerated.QrProblem

/// Why a live channel cannot be watched, or not now.
public typealias ChannelProblem = B2CoreAuthGenerated.ChannelProblem

/// Why a QR code is not usable any more.
public typealias QrExpiry = B2CoreAuthGenerated.QrExpiry

/// What is known of the sign-in that waits for an approval, to show to the user. What the host did not say is `nil`. It prints
/// without the account, the address and the place.
public typealias QrDetails = B2CoreAuthGenerated.QrDetails

/// A reason to look twice before approving.
public typealias QrRisk = B2CoreAuthGenerated.QrRisk

/// How a code came to the approver: by the app's own camera, or as a link, text or picture that somebody sent.
public typealias ScanSource = B2CoreAuthGenerated.ScanSource

/// How a display learns of its approval: by the host's live channel, which is built in, by one of the app's own, or by
/// ``QrSignIn/complete(authorizationToken:)`` alone.
public typealias ChannelChoice = B2CoreAuthGenerated.ChannelChoice

/// A live channel of the app's own: a class or an `actor`. Its task is cancelled when nobody waits any more.
public typealias ApprovalChannel = B2CoreAuthGenerated.ApprovalChannel

/// The channel that an ``ApprovalChannel`` watches. It prints without the channel's name, which is a secret.
public typealias ChannelSubscription = B2CoreAuthGenerated.ChannelSubscription

/// Takes what an ``ApprovalChannel`` reports. Its calls return at once; after the end of the watch they do nothing.
public typealias ChannelEvents = B2CoreAuthGenerated.ChannelEvents

/// Asks the user to confirm that they are there, such as by `LAContext`, before an approval leaves the device. Its task is
/// cancelled when the approval is.
public typealias UserPresence = B2CoreAuthGenerated.UserPresence
