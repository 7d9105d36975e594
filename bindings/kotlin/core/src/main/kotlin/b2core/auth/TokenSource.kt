package b2core.auth

import java.util.concurrent.atomic.AtomicReference

/**
 * Gives the requests of an HTTP client their access tokens. For clients that have no module of their own: the modules for OkHttp
 * and Ktor use it too.
 *
 * 1. Ask a [TokenScope] whether the request's URL may have a token, and leave a request that carries an `Authorization` alone.
 * 2. Put [RequestToken.authorization] of [cached] or, if that is null, of [current] on the request. Keep the [RequestToken] with
 *    the request.
 * 3. After a 401, ask that same [RequestToken] for its [RequestToken.replacement], and send the request once more, if its body
 *    can be sent twice.
 *
 * A source of an [AuthClient] follows its sign-ins: after a sign-out there is no token, and after another sign-in the token is the
 * new user's. Changes by another process are noticed when its tokens are next refreshed or rejected. A source of a [Session] gives
 * that session's tokens only.
 */
public class TokenSource private constructor(private val lookUp: (suspend () -> Session?)?, session: Session?) {
    /** The session that was used last. It is never closed here: requests that are under way may still need it. */
    private val held = AtomicReference(session)

    /** The tokens of whoever is signed in at this [office]. The client stays the caller's to close. */
    public constructor(client: AuthClient, office: Office) : this({ client.session(office) }, null)

    /** The tokens of this session. It stays the caller's to close. */
    public constructor(session: Session) : this(null, session)

    /** The token that can be used at once. It never waits. Null is no error: call [current]. */
    public fun cached(): RequestToken? {
        val session = held.get() ?: return null
        val token = try {
            session.cachedAccessToken()
        } catch (_: IllegalStateException) {
            // It was closed: `current` says so.
            null
        }
        return token?.let { requestToken(it, session) }
    }

    /**
     * The token for a request; null if nobody is signed in. It waits for a refresh if one is needed.
     *
     * @throws AuthException if somebody is signed in, but there is no usable token: such as [AuthException.Network] if it could
     * not be refreshed, [AuthException.SessionEnded] if the host has just ended the session, [AuthException.StoreUnavailable] if
     * nobody can say who is signed in.
     * @throws IllegalStateException if the client or the session was closed.
     */
    public suspend fun current(): RequestToken? {
        var end: AuthException? = null
        // Several times, if others sign in and out at this moment.
        repeat(ATTEMPTS) {
            val session = held.get() ?: hold() ?: return nobody(end)
            try {
                return requestToken(session.accessToken(), session)
            } catch (e: AuthException) {
                if (!e.isOverForThisSession()) throw e
                // The host's verdict is thrown once; then it is as after a sign-out.
                end = end as? AuthException.SessionEnded ?: e
                if (lookUp == null) return nobody(end)
                held.compareAndSet(session, null)
            }
        }
        return nobody(end)
    }

    private fun nobody(end: AuthException?): RequestToken? = if (end is AuthException.SessionEnded) throw end else null

    private fun requestToken(token: AccessToken, session: Session): RequestToken =
        RequestToken(token, session) { if (lookUp != null) held.compareAndSet(session, null) }

    /** Looks up who is signed in; null if nobody is. */
    private suspend fun hold(): Session? {
        while (true) {
            val found = lookUp?.invoke() ?: return null
            if (held.compareAndSet(null, found)) return found
            // Another request was faster, and its session may be over already.
            found.close()
            held.get()?.let { return it }
        }
    }

    override fun toString(): String = "TokenSource"

    private companion object {
        const val ATTEMPTS = 3
    }
}

/** The token of one request, and the session that it belongs to. It prints without the token. */
public class RequestToken internal constructor(
    /** The token. */
    public val token: AccessToken,
    private val session: Session,
    private val onEnd: () -> Unit,
) {
    /** The value of the header `Authorization`. It is a secret. */
    public val authorization: String get() = "Bearer ${token.value}"

    /**
     * After a 401 to this token: the token for one more attempt, either one that was refreshed meanwhile or one that is refreshed
     * now, once for all requests that wait. Null if another attempt is of no use: the session has ended or was signed out, or
     * the token was just issued, so that a new one would be rejected for the same reason. It is never another user's.
     *
     * @throws AuthException if the session could not be refreshed and is kept: such as [AuthException.Network]. The 401 then says
     * nothing about whether the user is still signed in.
     */
    public suspend fun replacement(): RequestToken? = try {
        val newer = session.replaceRejectedToken(token)
        if (newer.value == token.value) null else RequestToken(newer, session, onEnd)
    } catch (e: AuthException) {
        if (e.recovery != Recovery.SignInAgain && e.recovery != Recovery.Reload) throw e
        if (e.isOverForThisSession()) onEnd()
        null
    }

    override fun toString(): String = "RequestToken(..)"
}

private fun AuthException.isOverForThisSession(): Boolean =
    this is AuthException.NotSignedIn || this is AuthException.SessionReplaced || this is AuthException.SessionEnded
