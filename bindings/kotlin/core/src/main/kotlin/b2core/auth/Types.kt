package b2core.auth

/** Which part of the platform somebody signs in to. */
public typealias Office = b2core.auth.ffi.Office

/** One account's place in a store; it prints without its profile, which may be an e-mail. */
public typealias AccountKey = b2core.auth.ffi.AccountKey

/** Why somebody is signed in or not, as far as this device knows. */
public typealias StateReason = b2core.auth.ffi.StateReason

/** What the host knows of a sign-out. */
public typealias RevocationStatus = b2core.auth.ffi.RevocationStatus

/** What became of the sign-outs that waited for the host. */
public typealias PendingRevocations = b2core.auth.ffi.PendingRevocations

/** How many attempts an account has before the host blocks it. */
public typealias AttemptLimits = b2core.auth.ffi.AttemptLimits

/** A two-factor method of the front office. */
public typealias TwoFactorMethod = b2core.auth.ffi.TwoFactorMethod

/** What a wizard's start says about the sign-in page. */
public typealias WizardInfo = b2core.auth.ffi.WizardInfo

/** What the host wrote for a person, as data to show; it prints without its text. */
public typealias ServerMessage = b2core.auth.ffi.ServerMessage

/** Why no answer came. */
public typealias NetworkProblem = b2core.auth.ffi.NetworkProblem

/** What is wrong with the user's input. */
public typealias InputProblem = b2core.auth.ffi.InputProblem

/** A header; it prints without its value. */
public typealias HttpHeader = b2core.auth.ffi.HttpHeader
