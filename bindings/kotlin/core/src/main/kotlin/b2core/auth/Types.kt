package b2core.auth

/**
 * What every call of this package throws: what went wrong, and with `recovery()` what to do next. It prints without
 * secrets and without what the host wrote.
 *
 * Kotlin does not reach nested names through an alias: to tell the cases apart, import
 * `b2core.auth.ffi.AuthException` itself.
 */
public typealias AuthException = b2core.auth.ffi.AuthException

/** Which part of the platform somebody signs in to. */
public typealias Office = b2core.auth.ffi.Office

/** A two-factor method of the front office. */
public typealias Method = b2core.auth.ffi.Method

/** What a wizard's start says about the sign-in page. */
public typealias WizardFacts = b2core.auth.ffi.WizardFacts

/** What the host wrote for a person, as data to show; it prints without its text. */
public typealias HostText = b2core.auth.ffi.HostText

/** Why no answer came. */
public typealias NetworkProblem = b2core.auth.ffi.NetworkProblem

/** A header; it prints without its value. */
public typealias HttpHeader = b2core.auth.ffi.HttpHeader
