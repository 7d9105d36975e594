package b2core.auth

/** The part of B2Core to sign in to: for clients or for staff. */
public typealias Office = b2core.auth.ffi.Office

/** Identifies an account in a store. It prints without its profile, which may be an e-mail. */
public typealias AccountKey = b2core.auth.ffi.AccountKey

/** The reason of a [StateChange]. */
public typealias StateReason = b2core.auth.ffi.StateReason

/** Whether the host and the store could be reached when they were last needed. */
public typealias Health = b2core.auth.ffi.Health

/** Whether the host has revoked the tokens of a session that was signed out. */
public typealias RevocationStatus = b2core.auth.ffi.RevocationStatus

/** The result of sending the pending revocations. */
public typealias PendingRevocations = b2core.auth.ffi.PendingRevocations

/** A two-factor method of the front office. */
public typealias TwoFactorMethod = b2core.auth.ffi.TwoFactorMethod

/** What the wizard says about the sign-in page. */
public typealias WizardInfo = b2core.auth.ffi.WizardInfo

/** The host's message for the user. It prints without its text. */
public typealias ServerMessage = b2core.auth.ffi.ServerMessage

/** Why there is no answer. */
public typealias NetworkProblem = b2core.auth.ffi.NetworkProblem

/** What is wrong with the user's input. */
public typealias InputProblem = b2core.auth.ffi.InputProblem

/** A header. It prints without its value. */
public typealias HttpHeader = b2core.auth.ffi.HttpHeader

/**
 * A clock for the tests of apps, by [AuthClient.Settings.testClock]: it goes on as the device's clocks do, ahead of them by what it
 * was moved.
 */
public typealias TestClock = b2core.auth.ffi.TestClock

/** Why a QR sign-in did not go on. */
public typealias QrProblem = b2core.auth.ffi.QrProblem

/** Why a live channel cannot be watched, or not now. */
public typealias ChannelProblem = b2core.auth.ffi.ChannelProblem

/** Why a QR code is not usable any more. */
public typealias QrExpiry = b2core.auth.ffi.QrExpiry

/** A reason to look twice before approving. */
public typealias QrRisk = b2core.auth.ffi.QrRisk

/** How a code came to the approver: by the app's own camera, or as a link, text or picture that somebody sent. */
public typealias ScanSource = b2core.auth.ffi.ScanSource

/** The channel that an [ApprovalChannel] watches. It prints without the channel's name, which is a secret. */
public typealias ChannelSubscription = b2core.auth.ffi.ChannelSubscription
