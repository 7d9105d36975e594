package b2core.auth

import b2core.auth.Shared.Join
import b2core.auth.ffi.ClientConfig
import b2core.auth.ffi.TransportChoice
import b2core.auth.ffi.use
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.stateIn
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import b2core.auth.ffi.AuthClient as FfiClient
import b2core.auth.ffi.AuthException as FfiException

/**
 * Signs in to one host, for one profile, at both offices.
 *
 * ```
 * val client = AuthClient("https://broker.example", Store.File(path)) {
 *     userAgent = "acme-trader/2.1"
 * }
 * ```
 *
 * Making one opens and sends nothing. Every suspending call of this package can be cancelled; what was under way is
 * then where it was before the call, or one step further if the host had answered already.
 *
 * [close] frees the native object; sign-ins and sessions that it has given out stay good.
 *
 * @throws AuthException.Setup if the host or a setting cannot be used.
 */
public class AuthClient(host: String, store: Store, configure: Settings.() -> Unit = {}) : AutoCloseable {
    /** What has a default. */
    public class Settings internal constructor() {
        /** Which of several accounts kept side by side. */
        public var profile: String? = null

        /** The app's name and version: the `User-Agent` and part of the device fingerprint. */
        public var userAgent: String? = null

        /** More info of the device fingerprint, such as `timezone`: the same ones at every start. */
        public var deviceFacts: Map<String, String> = emptyMap()

        /** The language of the host's own texts, such as `ja`. */
        public var language: String? = null

        /** The time for a whole request, in whole seconds. */
        public var timeout: Duration = 30.seconds

        /** The host's limits of attempts, where its administrator has changed the vendor's. */
        public var limits: AttemptLimits? = null

        /** What carries the requests; null for the HTTP client that is built in. */
        public var transport: AppTransport? = null
    }

    private val ffi: FfiClient

    private val sessions = Shared<Office, HeldSession?>(Join.BEFORE_IT_BEGINS) { office ->
        ffi.session(office, null)?.let(::HeldSession)
    }

    init {
        val settings = Settings().apply(configure)
        val config = ClientConfig(
            host = host,
            profile = settings.profile,
            userAgent = settings.userAgent,
            deviceFacts = settings.deviceFacts,
            language = settings.language,
            timeoutSeconds = settings.timeout.inWholeSeconds.coerceIn(1L, UInt.MAX_VALUE.toLong()).toUInt(),
            limits = settings.limits,
        )
        val transport = settings.transport?.let { TransportChoice.Custom(it.bridge) } ?: TransportChoice.Bundled
        ffi = try {
            store.choice { FfiClient(config, it, transport) }
        } catch (e: FfiException) {
            throw e.wrapped()
        }
    }

    /** A new sign-in, at its first step. A session that is kept is left alone until this one has succeeded. */
    public fun signIn(office: Office): SignIn = SignIn(ffi.signIn(office))

    /** The sign-in that waits for its user, perhaps since a process that is gone; null if there is none. */
    public suspend fun resumeSignIn(office: Office): SignIn? = settled { ffi.resumeSignIn(office, it) }?.let(::SignIn)

    /** The session that is kept; null if nobody is signed in. Nothing is sent. */
    public suspend fun session(office: Office): Session? {
        while (true) {
            // Others who asked at the same time may have got the same one, and closed it already.
            val held = sessions(office) ?: return null
            return held.hold() ?: continue
        }
    }

    /**
     * Who is signed in: first what the store says, then each change with its reason. Every collector gets its own first
     * value. A slow one gets the newest state only; one that is cancelled leaves nothing behind.
     */
    public fun authStateChanges(office: Office): Flow<StateChange> = flow {
        ffi.authStateChanges(office).use { states ->
            while (true) emit(settled { states.next(it) }.wrapped())
        }
    }

    /** The [authStateChanges] as a value that is there at any time, kept up as long as the [scope] lives; returns with the first. */
    public suspend fun stateIn(scope: CoroutineScope, office: Office): StateFlow<StateChange> =
        authStateChanges(office).stateIn(scope)

    /** The accounts that the store knows of, in no order: of every profile, host and office. */
    public suspend fun accounts(): List<AccountKey> = settled { ffi.accounts(it) }

    /**
     * Tells the host of sign-outs that it could not be told of when they were made: when an app starts, say. A refresh and
     * a sign-out do so by themselves.
     */
    public suspend fun deliverPendingRevocations(office: Office): PendingRevocations = settled { ffi.deliverPendingRevocations(office, it) }

    /** Waits for refreshes under way: before a program ends, so that it does not end in the middle of one. */
    public suspend fun waitForRefresh(): Unit = settled { ffi.waitForRefresh(it) }

    /** Signs out: tokens and pending step are removed here first, then the host is notified. */
    public suspend fun signOut(office: Office): SignedOut = SignedOut(settled { ffi.signOut(office, it) })

    override fun close(): Unit = ffi.close()

    override fun toString(): String = "AuthClient"
}
