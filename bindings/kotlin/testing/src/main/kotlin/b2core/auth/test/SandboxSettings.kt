package b2core.auth.test

import b2core.auth.test.ffi.SandboxConfig
import java.time.Duration
import java.util.Locale
import java.util.function.Consumer
import b2core.auth.test.ffi.Sandbox as FfiSandbox

/** The settings of a [Sandbox] before it starts. All have a default. */
public class SandboxSettings internal constructor() {
    private val newUsers = mutableListOf<NewUser>()
    private val faults = mutableListOf<String>()
    internal val passwords = mutableMapOf<String, String>()

    /** A TOML text of `[[user]]` tables in place of the built-in users; null for these. */
    public var usersToml: String? = null

    /** How the host speaks: a preset and any switches, such as `reference,no_token=array`. */
    public var dialect: String = "reference"

    /** How many attempts are allowed; null, the default, for any number. `SandboxLimits()` has the vendor's. */
    public var limits: SandboxLimits? = null

    /** Whether a front-office sign-in needs a reCAPTCHA response: anything but an empty text and `bad` is accepted. */
    public var recaptcha: Boolean = false

    /** Whether the host says that a forgotten password can be recovered. */
    public var passwordRecoveryAvailable: Boolean = true

    /** Whether there is QR sign-in. */
    public var qrAvailable: Boolean = true

    /** How long a QR code lives. */
    public var qrLifetime: Duration = Duration.ofMinutes(2)

    /** How the host writes that: `number` (of minutes, rounded up), `text`, `fraction` or `missing`. */
    public var qrLifetimeForm: String = "number"

    /** Where the host takes every display to be; null for unknown. */
    public var qrLocation: String? = null

    /** Whether the live channel of QR sign-in is polling only: no WebSocket. */
    public var pollingOnly: Boolean = false

    /** A path before every endpoint, such as `/broker`. */
    public var basePath: String = ""

    /** How long access tokens live, in whole seconds. */
    public var accessLifetime: Duration = Duration.ofMinutes(15)

    /** How long refresh tokens live, in whole seconds. */
    public var refreshLifetime: Duration = Duration.ofMinutes(60)

    /** How long after it was spent a refresh token still gives a new pair. Zero: not at all, it ends the session. */
    public var refreshGrace: Duration = Duration.ZERO

    /** How long a sign-in may take from its start, and a sent code lives. */
    public var signInLifetime: Duration = Duration.ofMinutes(10)

    /**
     * HTTPS, with a certificate for this machine and for [tlsNames] that [Sandbox.caPem] is the root of. The client's own HTTP
     * stack trusts the system's roots only: give the client a transport that trusts this one.
     */
    public var tls: Boolean = false

    /** Further host names for the certificate. A name may begin with `*.`. */
    public var tlsNames: List<String> = emptyList()

    /** Another user. */
    @JvmSynthetic
    public fun user(email: String, password: String = Sandbox.PASSWORD, configure: NewUser.() -> Unit) {
        newUsers += NewUser(email, password).apply(configure)
        passwords[key(email)] = password
    }

    /** Another user, without a second factor. */
    @JvmOverloads
    public fun user(email: String, password: String = Sandbox.PASSWORD): Unit = user(email, password) {}

    /** The same, from Java. */
    public fun user(email: String, password: String, configure: Consumer<NewUser>): Unit =
        user(email, password) { configure.accept(this) }

    /** Something that goes wrong from the start on: see [Sandbox.fault]. */
    public fun fault(spec: String) {
        faults += spec
    }

    /** Starts a native sandbox. */
    internal fun start(): FfiSandbox = native {
        FfiSandbox(
            SandboxConfig(
                usersToml = usersToml,
                users = newUsers.map(NewUser::ffi),
                dialect = dialect,
                limits = limits?.ffi(),
                faults = faults.toList(),
                recaptcha = recaptcha,
                passwordRecoveryAvailable = passwordRecoveryAvailable,
                qrAvailable = qrAvailable,
                qrLifetime = qrLifetime,
                qrLifetimeForm = qrLifetimeForm,
                qrLocation = qrLocation,
                pollingOnly = pollingOnly,
                basePath = basePath,
                accessLifetime = accessLifetime,
                refreshLifetime = refreshLifetime,
                refreshGrace = refreshGrace,
                wizardLifetime = signInLifetime,
                tls = tlsNames.takeIf { tls },
            ),
        )
    }

    override fun toString(): String = "SandboxSettings($dialect)"
}

/** Under which a user's password is remembered: letter case does not matter. */
internal fun key(email: String): String = email.trim().lowercase(Locale.ROOT)
