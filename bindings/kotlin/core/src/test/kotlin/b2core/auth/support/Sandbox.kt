package b2core.auth.support

import java.io.File
import java.net.HttpURLConnection
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardWatchEventKinds.ENTRY_CREATE
import java.util.concurrent.TimeUnit

/** The password of all users of a sandbox. */
const val PASSWORD = "Secret123"

/** A B2Core-compatible host in a process of its own, on a free port, with nobody else in it. */
class Sandbox private constructor(private val process: Process, val host: String) : AutoCloseable {
    /** The newest code that was sent for this e-mail. */
    fun code(email: String): String = codes(email).last()

    /** Some code that was not sent for this e-mail. */
    fun wrongCode(email: String): String =
        generateSequence(100_000) { it + 1 }.map { it.toString() }.first { it !in codes(email) }

    /** The code that this user's authenticator app shows. */
    fun authenticatorCode(email: String): String {
        val secret = Regex("""secret=([A-Z2-7]+)""")
        val user = get("/_sandbox/users").split("{").single { "\"$email\"" in it }
        val oathtool = ProcessBuilder("oathtool", "--totp", "-b", secret.find(user)!!.groupValues[1]).start()
        return oathtool.inputStream.bufferedReader().readText().trim()
    }

    /** Whose token this is, by the host; null if it is not good any more. */
    fun ownerOf(token: String): String? {
        val connection = URI("$host/_sandbox/whoami").toURL().openConnection() as HttpURLConnection
        connection.setRequestProperty("Authorization", "Bearer $token")
        if (connection.responseCode == 401) return null
        val body = connection.getInputStream().bufferedReader().readText()
        return Regex(""""email":"([^"]*)"""").find(body)!!.groupValues[1]
    }

    /** How many requests came for a path that ends so. */
    fun requests(path: String): Int = Regex(""""path":"[^"]*$path"""").findAll(get("/_sandbox/requests")).count()

    /** Steers it: posts this JSON to a path below `/_sandbox/`. */
    fun steer(path: String, json: String): Unit = send("POST", path, json)

    /** Lets something go wrong from the next request on, as `b2auth sandbox --fault` does. */
    fun fault(fault: String): Unit = steer("faults", """{"fault": "${fault.replace("\"", "\\\"")}"}""")

    /** Ends all faults. */
    fun clearFaults(): Unit = send("DELETE", "faults", "")

    override fun close() {
        process.destroy()
        check(process.waitFor(10, TimeUnit.SECONDS)) { "the sandbox does not stop" }
    }

    private fun codes(email: String): List<String> {
        val messages = get("/_sandbox/outbox?to=" + URLEncoder.encode(email, Charsets.UTF_8))
        return Regex(""""code":"(\w+)"""").findAll(messages).map { it.groupValues[1] }.toList()
    }

    private fun send(method: String, path: String, body: String) {
        val request = HttpRequest.newBuilder(URI("$host/_sandbox/$path"))
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build()
        val answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() == 200) { "$path: ${answer.statusCode()} ${answer.body()}" }
    }

    private fun get(path: String): String = URI(host + path).toURL().readText()

    companion object {
        /** Starts one with these options; its limits are off unless they say otherwise. */
        fun start(vararg options: String): Sandbox {
            val limits = if ("--limits" in options) emptyList() else listOf("--limits", "off")
            val folder = Files.createTempDirectory("b2auth-sandbox")
            val port = folder.resolve("port")
            val command = listOf(b2auth(), "sandbox", "--port-file", port.toString()) + limits + options
            val watch = FileSystems.getDefault().newWatchService()
            folder.register(watch, ENTRY_CREATE)
            val process = ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
            Runtime.getRuntime().addShutdownHook(Thread { process.destroyForcibly() })
            watch.use {
                while (!Files.exists(port)) {
                    check(process.isAlive) { "the sandbox did not start: ${command.joinToString(" ")}" }
                    watch.poll(100, TimeUnit.MILLISECONDS)?.run { pollEvents(); reset() }
                }
            }
            val number = Files.readString(port).trim()
            folder.toFile().deleteRecursively()
            return Sandbox(process, "http://127.0.0.1:$number")
        }

        private fun b2auth(): String {
            val path = System.getProperty("b2auth").orEmpty()
            check(File(path).canExecute()) { "say where the b2auth program is: -Db2auth=PATH (not '$path')" }
            return Path.of(path).toAbsolutePath().toString()
        }
    }
}
