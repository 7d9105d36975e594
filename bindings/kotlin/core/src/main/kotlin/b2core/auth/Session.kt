package b2core.auth

import b2core.auth.SingleFlight.Join
import java.time.Instant
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.toKotlinDuration
import b2core.auth.ffi.Session as FfiSession

/**
 * The session of a signed-in account: gives access tokens, refreshes them, and signs out.
 *
 * [close] frees the tokens in memory now and not at the next garbage collection. The session stays in the store; [signOut]
 * is what ends it.
 */
public class Session internal constructor(private val shared: SharedSession) : AutoCloseable {
    private val isClosed = AtomicBoolean()

    private val ffi: FfiSession get() = open().ffi

    private fun open(): SharedSession {
        check(!isClosed.get()) { "this session was closed" }
        return shared
    }

    /** The office of this session. */
    public val office: Office get() = ffi.office()

    /** The account's e-mail. */
    public val account: String get() = ffi.account()

    /** The host's id of the client, if the host gave one. */
    public val clientId: String? get() = ffi.clientId()

    /** True if both tokens have expired by this device's clock. The user has to sign in again. */
    public val isExpired: Boolean get() = ffi.isExpired()

    /** When the access token expires by the host's clock; null if unknown. */
    public val accessExpiresAt: Instant? get() = ffi.accessExpiresAtEpochSeconds()?.let(Instant::ofEpochSecond)

    /** When the refresh token expires by the host's clock; null if unknown. */
    public val refreshExpiresAt: Instant? get() = ffi.refreshExpiresAtEpochSeconds()?.let(Instant::ofEpochSecond)

    /**
     * The cached access token, if it is usable. It never waits, so it suits code that cannot suspend, such as an
     * interceptor. If a refresh is due, it starts one in the background. Null is no error: call [accessToken], which
     * refreshes or throws the reason.
     */
    public fun cachedAccessToken(): AccessToken? = ffi.cachedAccessToken()?.let(::AccessToken)

    /**
     * A usable access token. While the cached token is usable, it is returned at once, and a refresh that is due runs in the
     * background. Once the cached token has expired, the call waits for the refresh, which all callers share. Do not store
     * the token: ask for it each time.
     */
    public suspend fun accessToken(): AccessToken = AccessToken(open().accessToken())

    /**
     * An access token that is valid for at least [minTtl] more, as far as the token's lifetime allows: for work that takes a
     * while. If the refresh fails and the cached token is still usable, that one is returned.
     */
    @JvmSynthetic
    public suspend fun accessTokenWithMinTtl(minTtl: Duration): AccessToken =
        AccessToken(cancellable { ffi.accessTokenWithMinTtl(minTtl.wholeSeconds(), it) })

    /** The same, by Java's duration. */
    public suspend fun accessTokenWithMinTtl(minTtl: java.time.Duration): AccessToken =
        accessTokenWithMinTtl(minTtl.toKotlinDuration())

    /**
     * Replaces an access token that was [rejected] with HTTP 401. Returns a newer token if there is one, and refreshes
     * otherwise. A token that was issued less than 30 seconds ago, or less than a tenth of its lifetime if that is shorter, is
     * returned again: a new one would be rejected for the same reason. The store is read first, so a sign-out by another client or
     * process is seen.
     *
     * An authenticator of an HTTP client, which cannot suspend, can call it with `runBlocking`: the refresh runs on threads
     * of its own. An [AppTransport] must then not need the threads or connections that are blocked.
     */
    public suspend fun replaceRejectedToken(rejected: AccessToken): AccessToken =
        AccessToken(open().replacements(rejected.value))

    /**
     * Refreshes the tokens now, even if the host has refused a refresh before. If another process has just refreshed them,
     * its tokens are used. A refresh that has begun continues if the caller is cancelled.
     */
    public suspend fun refresh(): Unit = cancellable { ffi.refresh(it) }

    /**
     * Refreshes the tokens in the background, ahead of their expiry, until it is cancelled. Returns the reason when the user
     * has to sign in again.
     */
    public suspend fun autoRefresh(): AuthException {
        try {
            cancellable { ffi.autoRefresh(it) }
        } catch (e: AuthException) {
            return e
        }
        error("auto-refresh ends with an error or a cancel")
    }

    /**
     * Reads a scanned QR code, and asks the host what it knows of it, where that is possible. Nothing is approved.
     *
     * @param scanned the text that the scanner saw, whatever it is.
     * @param source how it came here. Say it truthfully: the risks that the user is shown depend on it.
     * @throws AuthException.Qr if it is no sign-in code of this session's host, or cannot be approved any more.
     */
    public suspend fun inspectQr(scanned: String, source: ScanSource): QrRequest =
        QrRequest(cancellable { ffi.inspectQr(scanned.encodeToByteArray(), source, it) })

    /**
     * Waits for the refresh in flight, if there is one, and until this process has given back the locks between processes that it
     * holds (for 15 seconds at most, if an app's lock does not answer).
     */
    public suspend fun waitForRefresh(): Unit = cancellable { ffi.waitForRefresh(it) }

    /**
     * Signs out: removes the tokens and the pending step from the store, then asks the host to revoke the tokens. If the session
     * was signed out before, the result says [RevocationStatus.NOTHING_TO_REVOKE].
     *
     * @throws AuthException.StoreUnavailable if the store cannot be used now. Then nobody is signed out: the session goes on, in
     * memory and in the store, and the host is not asked. Call it again when the store can be used.
     */
    public suspend fun signOut(): SignedOut = SignedOut(cancellable { ffi.signOut(it) })

    override fun close() {
        if (isClosed.compareAndSet(false, true)) shared.release()
    }

    override fun toString(): String = "Session($office)"
}

/** A native session and its calls in flight, which several [Session]s share. It is freed when the last of them is closed. */
internal class SharedSession(val ffi: FfiSession, references: Int = 0) {
    private val references = AtomicInteger(references)

    /** Called only if there is no usable cached token, so there is none while a call is in flight. */
    private val tokens = SingleFlight<Unit, String>(Join.WHILE_IT_RUNS) { ffi.accessToken(null) }

    /** The key is the rejected token: any other token is newer than the rejection. */
    val replacements = SingleFlight<String, String>(Join.WHILE_IT_RUNS) { ffi.replaceRejectedToken(it, null) }

    suspend fun accessToken(): String = tokens.joinInFlight(Unit) ?: ffi.cachedAccessToken() ?: tokens(Unit)

    /** Another [Session] of this one; null if it was freed in the meantime. */
    fun retain(): Session? = if (references.getAndUpdate { if (it < 0) it else it + 1 } < 0) null else Session(this)

    fun release() {
        if (references.updateAndGet { if (it == 1) FREED else it - 1 } == FREED) ffi.close()
    }

    private companion object {
        const val FREED = -1
    }
}
