package b2core.auth.support

import b2core.auth.AppTransport
import b2core.auth.AttemptLimits
import b2core.auth.AuthClient
import b2core.auth.Office
import b2core.auth.Session
import b2core.auth.SignInStep
import b2core.auth.Store
import b2core.auth.TestClock
import b2core.auth.test.Sandbox
import kotlinx.coroutines.runBlocking
import java.time.Duration

/** What these tests want of a sandbox. */
class Host private constructor(private val sandbox: Sandbox) : AutoCloseable by sandbox {
    val url: String get() = sandbox.host

    /** How many refreshes it was asked for. */
    fun refreshes(): Int = sandbox.requests("/refresh")

    /** Lets all access tokens expire here that were issued until now. The refresh tokens stay good. */
    fun expireAccessTokens(): Unit = sandbox.advance(EXPIRY)

    /** Ends every connection of a refresh without an answer, from now on. */
    fun breakRefreshes(): Unit = sandbox.fault("refresh:drop=before")

    /** Answers each refresh from now on as for a session that has ended. */
    fun endSessions(): Unit =
        sandbox.fault("""refresh:status=401,body={"error":{"code":0%2C"message":"No"}}""")

    fun repair(): Unit = sandbox.clearFaults()

    /** The code that was sent to this user. */
    fun code(email: String): String = checkNotNull(sandbox.lastCode(email)) { "no code was sent" }

    companion object {
        /** Longer than an access token is good for. */
        val EXPIRY: Duration = Duration.ofMinutes(16)

        @JvmStatic
        fun start(): Host = Host(Sandbox())

        fun start(dialect: String): Host = Host(Sandbox().also { it.setDialect(dialect) })
    }
}

/** A client of this host, whose clock the test moves, and whose user has signed in. */
class User @JvmOverloads constructor(host: Host, transport: AppTransport? = null, store: Store = MapStore()) : AutoCloseable {
    private val clock = TestClock()
    private val host = host

    val client: AuthClient = AuthClient(host.url, store) {
        userAgent = "kotlin-test/1"
        limits = AttemptLimits(signIn = 0, refresh = 0)
        this.transport = transport ?: b2core.auth.JavaHttpTransport()
        testClock = clock
    }

    init {
        signIn()
    }

    /** Signs in without a second factor. */
    fun signIn(): Unit = runBlocking { enter("plain@example.com") as SignInStep.SignedIn }.session.close()

    /** Signs in as somebody else, by SMS. */
    fun signInAsAnother(): Unit = runBlocking {
        val code = enter("sms@example.com") as SignInStep.Code
        (code.submit(host.code("sms@example.com")) as SignInStep.SignedIn).session.close()
    }

    fun signOut() {
        runBlocking { client.signOut(Office.FRONT) }
    }

    /** The session that the client has now. */
    fun session(): Session = checkNotNull(runBlocking { client.session(Office.FRONT) })

    /** The token that the client has now. */
    fun token(): String = session().use { runBlocking { it.accessToken() }.value }

    /** The session lasts on, but its token was not just issued: once rejected, it is worth a refresh. */
    fun ageToken(): Unit = clock.advance(Duration.ofMinutes(5))

    /** The token expires by this client's clock. */
    fun expireToken(): Unit = clock.advance(Host.EXPIRY)

    override fun close(): Unit = client.close()

    private suspend fun enter(email: String): SignInStep {
        val signIn = client.signIn(Office.FRONT)
        val form = when (val step = signIn.current) {
            is SignInStep.Start -> step.open()
            else -> step
        }
        return (form as SignInStep.Credentials).submit(email, "Secret123")
    }
}
