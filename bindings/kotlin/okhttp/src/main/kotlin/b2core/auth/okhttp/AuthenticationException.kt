package b2core.auth.okhttp

import b2core.auth.AuthException
import java.io.IOException

/**
 * A request failed because no token could be had for it, although somebody is signed in. OkHttp passes on `IOException`s only, so
 * this one carries the [reason].
 *
 * It says nothing against the session, unless the reason is [AuthException.SessionEnded].
 */
public class AuthenticationException internal constructor(
    /** Why, and what to do next. */
    public val reason: AuthException,
) : IOException(reason.message, reason)
