package b2core.auth.test

import b2core.auth.AccessToken
import b2core.auth.AuthClient
import b2core.auth.QrCode
import b2core.auth.Session
import b2core.auth.Store
import b2core.auth.TestClock
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.future
import java.time.Duration
import java.time.Instant
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import java.util.function.Consumer
import b2core.auth.test.ffi.Sandbox as FfiSandbox

/**
 * A B2Core-compatible host in the test's process: a real HTTP server on a free port of 127.0.0.1. Any number can run at the
 * same time.
 *
 * ```
 * Sandbox().use { sandbox ->
 *     val session = sandbox.signIn(sandbox.client(), Sandbox.TOTP)
 * }
 * ```
 *
 * Nothing it issues is worth anything: its signing key is public. Nothing here prints a secret; the calls that are there for
 * codes and secrets return them.
 *
 * [close] stops it. What it has recorded can then still be read.
 */
public class Sandbox internal constructor(private val ffi: FfiSandbox, passwords: Map<String, String>) : AutoCloseable {
    /** Starts one with the default settings. */
    public constructor() : this(SandboxSettings().start(), emptyMap())

    private val passwords = ConcurrentHashMap(passwords)

    /**
     * The clock of the clients from [client]. Moving it by itself makes the device's clock wrong; [advance] moves the time of
     * both sides.
     */
    public val clock: TestClock = TestClock()

    /** The host, such as `http://127.0.0.1:40123`, with the base path if there is one. */
    public val host: String = ffi.url()

    /**
     * A resource behind the token: `GET` answers 200 and the user's e-mail in JSON to a good access token, 401 to others. It is
     * not among the [requests], and no fault touches it.
     */
    public val protectedUrl: String get() = "$host/_sandbox/whoami"

    /** The certificate to trust under TLS, as PEM; null without TLS. */
    public val caPem: String? get() = ffi.caPem()

    /** Who can sign in. */
    public val users: List<SandboxUser> get() = ffi.users().map(::SandboxUser)

    /** All messages with codes so far, oldest first. */
    public val outbox: List<SandboxMessage> get() = ffi.outbox().map(::SandboxMessage)

    /** All requests so far, oldest first. The newest 10,000 are kept. */
    public val requests: List<SandboxRequest> get() = ffi.requests().map(::SandboxRequest)

    /** The faults that are set, those that are used up too, oldest first. */
    public val faults: List<SandboxFault> get() = ffi.faults().map(::SandboxFault)

    /** The sandbox's time. */
    public val now: Instant get() = ffi.now()

    /** How many sign-ins still have a good token: to see whether a sign-out has revoked everything. */
    public val unrevokedSessions: Int get() = ffi.unrevokedSessions().toInt()

    /** A client of this host on this sandbox's [clock]: another device, unless it is given the [store] of one before. */
    @JvmSynthetic
    public fun client(store: Store = Store.Memory, configure: AuthClient.Settings.() -> Unit): AuthClient =
        AuthClient(host, store) {
            testClock = clock
            configure()
        }

    /** The same with default settings. */
    @JvmOverloads
    public fun client(store: Store = Store.Memory): AuthClient = client(store) {}

    /** The same, from Java. */
    public fun client(store: Store, configure: Consumer<AuthClient.Settings>): AuthClient =
        client(store) { configure.accept(this) }

    /**
     * Signs a user in with everything that this takes: codes by SMS and mail, an authenticator code, a new password. What the
     * helper has set as the password, and what [addUser] has, it knows; for users of a TOML text, give the [password].
     *
     * @throws b2core.auth.AuthException as an app would get it, for example where a fault acts. Three authenticator codes of a
     * user are good within half a minute; then [advance] first.
     */
    @JvmSynthetic
    public suspend fun signIn(client: AuthClient, email: String = PLAIN, password: String = passwordOf(email)): Session {
        val user = checkNotNull(users.firstOrNull { it.email.equals(email, ignoreCase = true) }) { "no such user" }
        val helper = SignInHelper(this, email, password)
        try {
            return helper.signIn(client, user.office)
        } finally {
            if (helper.passwordNow != password) passwords[key(email)] = helper.passwordNow
        }
    }

    /** The same, from Java. The future fails with the `AuthException`. */
    @JvmOverloads
    public fun signInAsync(client: AuthClient, email: String = PLAIN): CompletableFuture<Session> =
        CoroutineScope(Dispatchers.Default).future { signIn(client, email) }

    /** The password of this user, as far as this object has set it; [PASSWORD] otherwise. */
    public fun passwordOf(email: String): String = passwords[key(email)] ?: PASSWORD

    /** The newest code that was sent to this user, by SMS or mail; null if there is none. */
    public fun lastCode(email: String): String? = ffi.lastCode(email)

    /** A code of this user's authenticator that is accepted now, by the sandbox's clock, and once; null without one. */
    public fun totpCode(email: String): String? = ffi.totpCode(email)

    /** The secret of this user's authenticator in base32; null without one. */
    public fun totpSecret(email: String): String? = ffi.totpSecret(email)

    /** A code that is wrong for this user, whatever the second factor. */
    public fun wrongCode(email: String): String = ffi.wrongCode(email)

    /** How many requests came for a path that ends with [pathSuffix], such as `/refresh`. */
    public fun requests(pathSuffix: String): Int = ffi.requests().count { it.path.endsWith(pathSuffix) }

    /** The e-mail of whom this access token belongs to; null if it is not good any more. */
    public fun ownerOf(token: String): String? = ffi.ownerOf(token)

    /** The same. */
    public fun ownerOf(token: AccessToken): String? = ownerOf(token.value)

    /**
     * Moves the time of both sides: first the sandbox's, then that of the clients from [client]. Not while a request is under way:
     * a client whose request takes a quarter of an hour takes the host's clock to be behind.
     */
    public fun advance(by: Duration) {
        ffi.advance(by)
        clock.advance(by)
    }

    /**
     * Lets something go wrong from the next request on: `[front/|back/]ENDPOINT:ACT[=VALUE][,OPTION=VALUE]...`, such as
     * `refresh:status=503,times=1`. The module's README lists the words.
     *
     * @throws SandboxException.Fault if the text is no fault; it says which words there are.
     */
    public fun fault(spec: String): Unit = native { ffi.fault(spec) }

    /** Ends all faults. What acts already goes on. */
    public fun clearFaults(): Unit = ffi.clearFaults()

    /**
     * Adds a user.
     *
     * @throws SandboxException.Users if a field cannot be used, or the e-mail is taken.
     */
    @JvmSynthetic
    public fun addUser(email: String, password: String = PASSWORD, configure: NewUser.() -> Unit) {
        native { ffi.addUser(NewUser(email, password).apply(configure).ffi()) }
        passwords[key(email)] = password
    }

    /** Adds a user without a second factor. */
    @JvmOverloads
    public fun addUser(email: String, password: String = PASSWORD): Unit = addUser(email, password) {}

    /** The same, from Java. */
    public fun addUser(email: String, password: String, configure: Consumer<NewUser>): Unit =
        addUser(email, password) { configure.accept(this) }

    /**
     * Adds the users of a TOML text of `[[user]]` tables, all of them or none.
     *
     * @throws SandboxException.Users with the line and the field.
     */
    public fun addUsers(toml: String): Unit = native { ffi.addUsers(toml) }

    /** How long the tokens live that are issued from now on, in whole seconds. */
    public fun setTokenLifetimes(access: Duration, refresh: Duration): Unit = ffi.setTokenLifetimes(access, refresh)

    /** How long after it was spent a refresh token still gives a new pair. Zero: not at all, it ends the session. */
    public fun setRefreshGrace(grace: Duration): Unit = ffi.setRefreshGrace(grace)

    /** How many attempts are allowed from now on; null for any number. What is blocked stays blocked. */
    public fun setLimits(limits: SandboxLimits?): Unit = ffi.setLimits(limits?.ffi())

    /** Forgets all attempts and blocks. */
    public fun clearLimits(): Unit = ffi.clearLimits()

    /** Whether a front-office sign-in needs a reCAPTCHA response: anything but an empty text and `bad` is accepted. */
    public fun setRecaptcha(required: Boolean): Unit = ffi.setRecaptcha(required)

    /**
     * How the host speaks from now on.
     *
     * @throws SandboxException.Dialect if the text is no dialect; it says which words there are.
     */
    public fun setDialect(dialect: String): Unit = native { ffi.setDialect(dialect) }

    /** Makes the next sign-in of this front-office user lead to a new password. False when there is no such user. */
    public fun forceReset(email: String): Boolean = ffi.forceReset(email)

    /** Forgets all sign-ins in progress, as a host does that was restarted. Says how many there were. */
    public fun forgetSignIns(): Int = ffi.forgetWizards().toInt()

    /**
     * Rejects the access tokens that this user has so far: they are answered 401 from now on. A refresh gives good ones. Says how
     * many were good. A client does not replace a token that is younger than 30 seconds: [advance] first.
     */
    public fun rejectTokens(email: String): Int = ffi.rejectTokens(email).toInt()

    /** Ends all sessions of this user, as the broker's staff can: a refresh fails too. Says how many there were. */
    public fun endSessions(email: String): Int = ffi.endSessions(email).toInt()

    /** Whether there is QR sign-in from now on. */
    public fun setQrAvailable(available: Boolean): Unit = ffi.setQrAvailable(available)

    /**
     * Approves the sign-in behind this [code] in this user's name, as their phone would. The code is its text or the id of its
     * channel. False when there is no such user, or no such code that waits for a decision.
     */
    @JvmOverloads
    public fun approveQr(code: String, email: String = PLAIN): Boolean = ffi.approveQr(code, email)

    /** The same. */
    @JvmOverloads
    public fun approveQr(code: QrCode, email: String = PLAIN): Boolean = approveQr(code.channelId, email)

    /** Declines the sign-in behind this [code]: its text or the id of its channel. False when none waits for a decision. */
    public fun declineQr(code: String): Boolean = ffi.declineQr(code)

    /** The same. */
    public fun declineQr(code: QrCode): Boolean = declineQr(code.channelId)

    /** Breaks all connections of the live channel of QR sign-in. New ones are taken. Says how many there were. */
    public fun dropLive(): Int = ffi.dropLive().toInt()

    /** Whether the live channel is polling only from now on: no WebSocket. */
    public fun setPollingOnly(pollingOnly: Boolean): Unit = ffi.setPollingOnly(pollingOnly)

    /** Stops serving and closes all connections. What was recorded can still be read. */
    override fun close(): Unit = ffi.stop()

    override fun toString(): String = "Sandbox($host)"

    public companion object {
        /** The password of all built-in users. */
        public const val PASSWORD: String = "Secret123"

        /** What [signIn] sets where a new password is required, unless it is the present one. */
        public const val NEW_PASSWORD: String = "Changed123"

        /** Front office: signs in with the password alone. */
        public const val PLAIN: String = "plain@example.com"

        /** Front office: an authenticator app. */
        public const val TOTP: String = "totp@example.com"

        /** Front office: codes by SMS. */
        public const val SMS: String = "sms@example.com"

        /** Front office: chooses between an authenticator app and SMS. */
        public const val BOTH: String = "both@example.com"

        /** Front office: must set a new password at the first sign-in. */
        public const val RESET: String = "reset@example.com"

        /** Back office: signs in with the password alone. */
        public const val ROOT: String = "root@example.com"

        /** Back office: codes by mail. */
        public const val ADMIN: String = "admin@example.com"

        /**
         * Starts one with these settings.
         *
         * @throws SandboxException if a setting cannot be used.
         */
        @JvmSynthetic
        public fun start(configure: SandboxSettings.() -> Unit): Sandbox {
            val settings = SandboxSettings().apply(configure)
            return Sandbox(settings.start(), settings.passwords)
        }

        /** Starts one with the default settings. */
        @JvmStatic
        public fun start(): Sandbox = Sandbox()

        /** Starts one with these settings, from Java. */
        @JvmStatic
        public fun start(configure: Consumer<SandboxSettings>): Sandbox = start { configure.accept(this) }
    }
}
