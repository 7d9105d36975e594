package b2core.auth

import b2core.auth.SingleFlight.Join
import b2core.auth.ffi.ClientConfig
import b2core.auth.ffi.TransportChoice
import b2core.auth.ffi.use
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.stateIn
import java.util.function.Consumer
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration
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
 * The constructor opens no store and sends nothing. Every suspending call of this package can be cancelled. The sign-in is
 * then at the step where it was before the call, or at the next one if the host had already answered.
 *
 * [close] frees the native object. Its sign-ins and sessions stay usable.
 *
 * @throws AuthException.Setup if the host or a setting cannot be used.
 */
public class AuthClient @Throws(AuthException::class) @JvmOverloads constructor(
    host: String,
    store: Store,
    configure: Settings.() -> Unit = {},
) : AutoCloseable {
    /** The settings that have a default. */
    public class Settings internal constructor() {
        /** The name of the profile, for several accounts in one store. */
        public var profile: String? = null

        /** The app's name and version: the `User-Agent` and part of the device fingerprint. */
        public var userAgent: String? = null

        /** Further facts of the device fingerprint, such as `timezone`. Give the same facts at every start. */
        public var deviceFacts: Map<String, String> = emptyMap()

        /** The language of the host's messages, such as `ja`. */
        public var language: String? = null

        /** The timeout of a whole request, in whole seconds, at least one. */
        @get:JvmSynthetic
        @set:JvmSynthetic
        public var timeout: Duration = 30.seconds

        /** [timeout], for Java. */
        public fun setTimeout(timeout: java.time.Duration) {
            this.timeout = timeout.toKotlinDuration()
        }

        /** The host's attempt limits, if its administrator has changed the vendor's. */
        public var limits: AttemptLimits? = null

        /** What sends the requests; null for the HTTP client that is built in. */
        public var transport: AppTransport? = null

        /**
         * The keys that the host's certificate may lead to, for the HTTP client that is built in; null for no pins. A [transport] of the
         * app's own keeps its pins itself: both together are refused. A live channel at another host is not pinned.
         */
        public var certificatePins: CertificatePins? = null

        /** How a display learns that its QR code was approved; null for the host's live channel, which is built in. */
        public var approvalChannel: ApprovalChannel? = null

        /** Who makes sure that it is the user who approves a QR sign-in; null for nobody. */
        public var userPresence: UserPresence? = null

        /** What is assumed about the host's QR sign-in, where the defaults do not fit: such as `channel` or `event`. */
        public var qrOptions: Map<String, String> = emptyMap()

        /** For tests only: a clock that they move. Null for the device's clocks. */
        public var testClock: TestClock? = null
    }

    private val ffi: FfiClient

    private val sessions = SingleFlight<Office, SharedSession?>(Join.BEFORE_IT_BEGINS) { office ->
        ffi.session(office, null)?.let(::SharedSession)
    }

    init {
        val settings = Settings().apply(configure)
        val config = ClientConfig(
            host = host,
            profile = settings.profile,
            userAgent = settings.userAgent,
            deviceFacts = settings.deviceFacts,
            language = settings.language,
            timeoutSeconds = settings.timeout.wholeSeconds(),
            limits = settings.limits?.ffi(),
            qrOptions = settings.qrOptions,
            certificatePins = settings.certificatePins?.ffi,
        )
        val transport = settings.transport?.let { TransportChoice.Custom(it.bridge) } ?: TransportChoice.Bundled
        val channel = settings.approvalChannel.choice()
        val presence = settings.userPresence?.let(::PresenceBridge)
        ffi = try {
            store.choice { FfiClient(config, it, transport, channel, presence, settings.testClock) }
        } catch (e: FfiException) {
            throw e.wrapped()
        }
    }

    /** Begins a new sign-in. A stored session stays as it is until this sign-in has succeeded. */
    public fun signIn(office: Office): SignIn = SignIn(ffi.signIn(office))

    /**
     * A QR sign-in of this display, at the front office. Nothing is sent until its states are collected. A stored session stays
     * as it is until it has succeeded.
     */
    public fun qrSignIn(): QrSignIn = QrSignIn(ffi.qrSignIn())

    /** The pending sign-in from the store, perhaps of an earlier process; null if there is none. */
    public suspend fun resumeSignIn(office: Office): SignIn? =
        cancellable { ffi.resumeSignIn(office, it) }?.let(::SignIn)

    /** The stored session; null if nobody is signed in. Nothing is sent. */
    public suspend fun session(office: Office): Session? {
        while (true) {
            // Another caller may have received the same one, and closed it already.
            val shared = sessions(office) ?: return null
            return shared.retain() ?: continue
        }
    }

    /**
     * The changes of the authentication state, each with its reason. Every collector first gets the current state, read from
     * the store. A slow collector gets the newest state only.
     */
    public fun authStateChanges(office: Office): Flow<StateChange> = flow {
        ffi.authStateChanges(office).use { changes ->
            while (true) emit(cancellable { changes.next(it) }.wrapped())
        }
    }

    /** The [authStateChanges] as a [StateFlow] in this [scope]. Returns once the first state is known. */
    public suspend fun stateIn(scope: CoroutineScope, office: Office): StateFlow<StateChange> =
        authStateChanges(office).stateIn(scope)

    /** The accounts that have records in the store, of every profile, host and office, in no order. */
    public suspend fun accounts(): List<AccountKey> = cancellable { ffi.accounts(it) }

    /**
     * Sends the revocations that could not be sent when the user signed out: call it when the app starts, for example. A
     * refresh and a sign-out do so too.
     */
    public suspend fun deliverPendingRevocations(office: Office): PendingRevocations =
        cancellable { ffi.deliverPendingRevocations(office, it) }

    /**
     * Call it when the device has another network: the next request is sent at once, even after attempts that found the host
     * unreachable and would make it wait for a few seconds.
     */
    public fun networkChanged(): Unit = ffi.networkChanged()

    /**
     * Waits for all refreshes in flight, and until this process has given back the locks between processes that it holds (for 15
     * seconds at most, if an app's lock does not answer). Call it before the program ends or is suspended, so that no refresh is cut
     * off and no lock is held meanwhile.
     */
    public suspend fun waitForRefresh(): Unit = cancellable { ffi.waitForRefresh(it) }

    /**
     * Signs out: removes the tokens and the pending step from the store, then asks the host to revoke the tokens. Sign-ins that
     * were begun before are abandoned. If nobody is signed in, the result says [RevocationStatus.NOTHING_TO_REVOKE].
     *
     * @throws AuthException.StoreUnavailable if the store cannot be used now. Then nobody is signed out: the session goes on, in
     * memory and in the store, and the host is not asked. Call it again when the store can be used.
     */
    public suspend fun signOut(office: Office): SignedOut = SignedOut(cancellable { ffi.signOut(office, it) })

    override fun close(): Unit = ffi.close()

    override fun toString(): String = "AuthClient"

    public companion object {
        /** The constructor, for Java. */
        @JvmStatic
        @Throws(AuthException::class)
        public fun create(host: String, store: Store, configure: Consumer<Settings>): AuthClient =
            AuthClient(host, store) { configure.accept(this) }
    }
}
