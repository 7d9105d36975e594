package b2core.auth.samples.support

import b2core.auth.AuthClient
import b2core.auth.Office
import b2core.auth.Session
import b2core.auth.SignInStep
import b2core.auth.Store
import java.io.File
import java.net.HttpURLConnection
import java.net.URI
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.StandardWatchEventKinds.ENTRY_CREATE
import java.util.concurrent.TimeUnit
import kotlin.test.assertIs

/** A B2Core-compatible host, and what the tests do with it. All of their contact with it is in this file. */
class Sandbox private constructor(private val process: Process, val host: String) : AutoCloseable {
    /** A client of an app that has just started. */
    fun client(store: Store): AuthClient = AuthClient(host, store) { userAgent = "samples-test/1" }

    /** What follows the password of this user. */
    suspend fun enter(client: AuthClient, email: String): SignInStep {
        val form = assertIs<SignInStep.Start>(client.signIn(Office.FRONT).current).open()
        return assertIs<SignInStep.Credentials>(form).submit(email, PASSWORD)
    }

    /** Signs in the user without a second factor. */
    suspend fun signIn(client: AuthClient): Session = assertIs<SignInStep.SignedIn>(enter(client, PLAIN)).session

    /** The newest code that was sent for this e-mail. */
    fun code(email: String): String {
        val messages = URI("$host/_sandbox/outbox?to=$email").toURL().readText()
        return Regex(""""code":"(\w+)"""").findAll(messages).last().groupValues[1]
    }

    /** Whose token this is, by the host; null if it is not good any more. */
    fun ownerOf(token: String): String? {
        val connection = URI("$host/_sandbox/whoami").toURL().openConnection() as HttpURLConnection
        connection.setRequestProperty("Authorization", "Bearer $token")
        if (connection.responseCode == 401) return null
        val body = connection.inputStream.bufferedReader().readText()
        return Regex(""""email":"([^"]*)"""").find(body)!!.groupValues[1]
    }

    override fun close() {
        process.destroy()
        check(process.waitFor(10, TimeUnit.SECONDS)) { "the sandbox does not stop" }
    }

    companion object {
        const val PLAIN = "plain@example.com"
        const val SMS = "sms@example.com"
        const val PASSWORD = "Secret123"

        fun start(): Sandbox {
            val program = File(System.getProperty("b2auth").orEmpty())
            check(program.canExecute()) { "say where the b2auth program is: -Db2auth=PATH (not '$program')" }
            val folder = Files.createTempDirectory("b2auth-sandbox")
            val port = folder.resolve("port")
            val watch = FileSystems.getDefault().newWatchService()
            folder.register(watch, ENTRY_CREATE)
            val command = listOf(program.absolutePath, "sandbox", "--port-file", port.toString(), "--limits", "off")
            val process = ProcessBuilder(command)
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
            return Sandbox(process, "http://127.0.0.1:$number")
        }
    }
}
