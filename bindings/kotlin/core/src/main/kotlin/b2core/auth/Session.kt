package b2core.auth

import b2core.auth.Shared.Join
import java.time.Instant
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import b2core.auth.ffi.Session as FfiSession

/**
 * A signed-in account: its token, and the way out.
 *
 * [close] frees the tokens in memory now rather than at the next garbage collection; the session is kept in the store
 * all the same. [signOut] is what ends it.
 */
public class Session internal constructor(private val held: HeldSession) : AutoCloseable {
    private val isClosed = AtomicBoolean()

    private val ffi: FfiSession get() = open().ffi

    private fun open(): HeldSession {
        check(!isClosed.get()) { "this session was closed" }
        return held
    }

    /** The office that was signed in to. */
    public val office: Office get() = ffi.office()

    /** The e-mail that signed in. */
    public val account: String get() = ffi.account()

    /** The host's id of the client, where it told. */
    public val clientId: String? get() = ffi.clientId()

    /** True if both tokens are past their time by this device's clock: only a new sign-in helps. */
    public val isExpired: Boolean get() = ffi.isExpired()

    /** The access token's end by the host's clock, if told. */
    public val accessExpiresAt: Instant? get() = ffi.accessExpiresAtEpochSeconds()?.let(Instant::ofEpochSecond)

    /** The refresh token's end by the host's clock, if told. */
    public val refreshExpiresAt: Instant? get() = ffi.refreshExpiresAtEpochSeconds()?.let(Instant::ofEpochSecond)

    /**
     * The access token if it can be used now, without a wait: for code that cannot suspend, such as an interceptor. A
     * refresh that is due begins meanwhile. Null is no error: [accessToken] refreshes, or says what is the matter.
     */
    public fun cachedAccessToken(): AccessToken? = ffi.cachedAccessToken()?.let(::AccessToken)

    /**
     * A token that can be used now. While the old one serves it is given at once, and a refresh that is due goes on in the
     * background; once it is over the refresh is waited for, and many callers share one. Do not keep it: ask again.
     */
    public suspend fun accessToken(): AccessToken = AccessToken(open().accessToken())

    /**
     * A token with [minTtl] so much time left, as far as its life allows: for work that takes a while. Where the refresh
     * fails and the old token still serves, that one is given.
     */
    public suspend fun accessTokenWithMinTtl(minTtl: Duration): AccessToken {
        val seconds = minTtl.inWholeSeconds.coerceIn(0L, UInt.MAX_VALUE.toLong()).toUInt()
        return AccessToken(settled { ffi.accessTokenWithMinTtl(seconds, it) })
    }

    /**
     * For a token that the host has [refused] (HTTP 401): gives one that was refreshed meanwhile, or refreshes. If it gives the
     * refused token again, that one has just come from the host, and another one would be refused too.
     *
     * An authenticator of an HTTP client, which cannot suspend, may wait for it with `runBlocking`: the refresh runs on
     * threads of its own. An [AppTransport] must then not need the threads or the connections that wait for it.
     */
    public suspend fun replaceRejectedToken(refused: AccessToken): AccessToken =
        AccessToken(open().insteadOf(refused.value))

    /**
     * Refreshes the tokens now, also where the host has refused before. If somebody else has just done so, that pair is taken
     * over. A refresh that has begun goes on if the caller is cancelled.
     */
    public suspend fun refresh(): Unit = settled { ffi.refresh(it) }

    /**
     * Keeps the token fresh until it is cancelled, with nobody asking for it. Returns when nothing but a new sign-in helps,
     * and says why.
     */
    public suspend fun autoRefresh(): AuthException {
        try {
            settled { ffi.autoRefresh(it) }
        } catch (e: AuthException) {
            return e
        }
        error("a session is kept fresh until it is over")
    }

    /** Waits for a refresh under way, if there is one. */
    public suspend fun waitForRefresh(): Unit = settled { ffi.waitForRefresh(it) }

    /** Signs out: tokens and pending step are removed here first, then the host is notified. */
    public suspend fun signOut(): SignedOut = SignedOut(settled { ffi.signOut(it) })

    override fun close() {
        if (isClosed.compareAndSet(false, true)) held.letGo()
    }

    override fun toString(): String = "Session($office)"
}

/** A native session that several [Session]s can share, with what they wait for together; freed when all were closed. */
internal class HeldSession(val ffi: FfiSession, holders: Int = 0) {
    private val holders = AtomicInteger(holders)

    /** Only called while no token is at hand: while it runs, there is none. */
    private val refreshed = Shared<Unit, String>(Join.WHILE_IT_RUNS) { ffi.accessToken(null) }

    /** By the token that was refused: whatever comes instead of it is newer than the refusal. */
    val insteadOf = Shared<String, String>(Join.WHILE_IT_RUNS) { ffi.replaceRejectedToken(it, null) }

    suspend fun accessToken(): String = refreshed.ifUnderWay(Unit) ?: ffi.cachedAccessToken() ?: refreshed(Unit)

    /** A session to give out; none if it was freed meanwhile. */
    fun hold(): Session? = if (holders.getAndUpdate { if (it < 0) it else it + 1 } < 0) null else Session(this)

    fun letGo() {
        if (holders.updateAndGet { if (it == 1) FREED else it - 1 } == FREED) ffi.close()
    }

    private companion object {
        const val FREED = -1
    }
}
