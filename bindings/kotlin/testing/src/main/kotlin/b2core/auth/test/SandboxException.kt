package b2core.auth.test

import b2core.auth.test.ffi.SandboxException as FfiException

/** What was asked of a sandbox is not possible; nothing was changed. The message says what would be right, and quotes no secret. */
public sealed class SandboxException private constructor(message: String) : RuntimeException(message) {
    /** The sandbox did not start: there is no free port, thread or random number, or the base path or a name is none. */
    public class Start internal constructor(problem: String) : SandboxException(problem)

    /** A user, or a text of users, cannot be used. */
    public class Users internal constructor(problem: String) : SandboxException(problem)

    /** The text is no fault. */
    public class Fault internal constructor(problem: String) : SandboxException(problem)

    /** The text is no dialect. */
    public class Dialect internal constructor(problem: String) : SandboxException(problem)

    /** Another setting cannot be used. */
    public class Setting internal constructor(problem: String) : SandboxException(problem)
}

/** Calls the native sandbox. */
internal inline fun <T> native(call: () -> T): T = try {
    call()
} catch (e: FfiException) {
    throw e.wrapped()
}

internal fun FfiException.wrapped(): SandboxException = when (this) {
    is FfiException.Start -> SandboxException.Start(problem)
    is FfiException.Users -> SandboxException.Users(problem)
    is FfiException.Fault -> SandboxException.Fault(problem)
    is FfiException.Dialect -> SandboxException.Dialect(problem)
    is FfiException.Setting -> SandboxException.Setting(problem)
}
