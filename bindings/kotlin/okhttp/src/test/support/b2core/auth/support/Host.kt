package b2core.auth.support

import b2core.auth.AppTransport
import b2core.auth.AttemptLimits
import b2core.auth.AuthClient
import b2core.auth.Office
import b2core.auth.Session
import b2core.auth.SignInStep
import b2core.auth.Store
import b2core.auth.TestClock
import kotlinx.coroutines.runBlocking
import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.StandardWatchEventKinds.ENTRY_CREATE
import java.time.Duration
import java.util.concurrent.TimeUnit

/** All that these tests have to do with the sandbox: a B2Core-compatible host in a process of its own, and its users. */
class Host private constructor(private val process: Process, val url: String) : AutoCloseable {
    private val http = HttpClient.newHttpClient()

    /** How many refreshes it was asked for. */
    fun refreshes(): Int = Regex(""""path":"[^"]*/refresh"""").findAll(send("GET", "requests")).count()

    /** Lets all access tokens expire here that were issued until now. The refresh tokens stay good. */
    fun expireAccessTokens() {
        send("POST", "clock", """{"advance_seconds": ${EXPIRY.seconds}}""")
    }

    /** Ends every connection of a refresh without an answer, from now on. */
    fun breakRefreshes() {
        send("POST", "faults", """{"fault": "refresh:drop=before"}""")
    }

    /** Answers each refresh from now on as for a session that has ended. */
    fun endSessions() {
        send("POST", "faults", """{"fault": "refresh:status=401,body={\"error\":{\"code\":0%2C\"message\":\"No\"}}"}""")
    }

    fun repair() {
        send("DELETE", "faults")
    }

    /** The code that was sent to this user. */
    fun code(email: String): String =
        Regex(""""code":"(\w+)"""").findAll(send("GET", "outbox?to=$email")).last().groupValues[1]

    override fun close() {
        process.destroy()
        check(process.waitFor(10, TimeUnit.SECONDS)) { "the sandbox does not stop" }
    }

    private fun send(method: String, path: String, body: String = ""): String {
        val request = HttpRequest.newBuilder(URI("$url/_sandbox/$path"))
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build()
        val answer = http.send(request, HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() == 200) { "$path: ${answer.statusCode()} ${answer.body()}" }
        return answer.body()
    }

    companion object {
        /** Longer than an access token is good for. */
        val EXPIRY: Duration = Duration.ofMinutes(16)

        @JvmStatic
        fun start(): Host {
            val program = File(System.getProperty("b2auth").orEmpty())
            check(program.canExecute()) { "say where the b2auth program is: -Db2auth=PATH (not '$program')" }
            val folder = Files.createTempDirectory("b2auth-sandbox")
            val port = folder.resolve("port")
            val watch = FileSystems.getDefault().newWatchService()
            folder.register(watch, ENTRY_CREATE)
            val process = ProcessBuilder(program.absolutePath, "sandbox", "--limits", "off", "--port-file", port.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
            Runtime.getRuntime().addShutdownHook(Thread { process.destroyForcibly() })
            watch.use {
                while (!Files.exists(port)) {
                    check(process.isAlive) { "the sandbox did not start" }
                    watch.poll(100, TimeUnit.MILLISECONDS)?.run { pollEvents(); reset() }
                }
            }
            val number = Files.readString(port).trim()
            folder.toFile().deleteRecursively()
            return Host(process, "http://127.0.0.1:$number")
        }
    }
}

/** A client of this host, whose clock the test moves, and whose user has signed in. */
class User @JvmOverloads constructor(host: Host, transport: AppTransport? = null, store: Store = MapStore()) : AutoCloseable {
    private val clock = TestClock()
    private val host = host

    val client: AuthClient = AuthClient(host.url, store) {
        userAgent = "kotlin-test/1"
        limits = AttemptLimits(signIn = 0u, refresh = 0u)
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
