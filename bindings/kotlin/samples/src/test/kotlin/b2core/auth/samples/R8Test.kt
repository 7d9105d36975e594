package b2core.auth.samples

import b2core.auth.AuthClient
import b2core.auth.test.Sandbox
import b2core.auth.samples.support.classes
import b2core.auth.samples.support.jarOf
import b2core.auth.samples.support.platform
import com.sun.jna.Native
import kotlinx.coroutines.CoroutineScope
import org.jetbrains.annotations.NotNull
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.FileSystems
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.exists
import kotlin.io.path.readLines
import kotlin.io.path.readText
import kotlin.io.path.writeLines
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** [ShrunkApp], shrunk by R8 in full mode with the rules of the AAR, does all that it did before; without any one rule it does not. */
@Tag("r8")
class R8Test {
    @TempDir
    lateinit var folder: Path

    private val rules = Path.of("../android/src/main/proguard.txt").readLines().filter { it.startsWith("-") }

    @Test
    fun theShrunkAppWorksAndNeedsEachRule() {
        assertEquals(emptyList(), rules.filter { "b2core.**" in it || "b2core.auth.**" in it }, "rules are precise")
        val app = app()
        val library = platform(folder.resolve("platform.jar"))
        Sandbox().use { sandbox ->
            assertEquals("done", outcome(app, library, rules, sandbox).last(), "with all rules")
            val needless = rules.filter { "done" in outcome(app, library, rules - it, sandbox) }
            assertEquals(emptyList(), needless)
        }
    }

    /** The sample and what the AAR has of the core. */
    private fun app(): Path {
        val left = Path.of("../android/src/main/classes-left-out.txt").readLines()
            .map { FileSystems.getDefault().getPathMatcher("glob:$it") }
        val core = classes(AuthClient::class.java).filterKeys { name -> left.none { it.matches(Path.of(name)) } }
        val sample = classes(ShrunkApp::class.java).filterKeys { "ShrunkApp" in it }
        assertTrue(core.keys.none { "JavaHttp" in it } && sample.isNotEmpty())
        return jarOf(folder.resolve("app.jar"), core + sample)
    }

    /** What R8 or the app says: "done" as the last line if everything works. */
    private fun outcome(app: Path, library: Path, rules: List<String>, sandbox: Sandbox): List<String> {
        val file = folder.resolve("rules.pro")
        file.writeLines(listOf(MAIN) + rules)
        val output = folder.resolve("out.jar")
        output.toFile().delete()
        val program = listOf(app) + listOf(Unit::class.java, CoroutineScope::class.java, NotNull::class.java, Native::class.java)
            .map { Path.of(it.protectionDomain.codeSource.location.toURI()) }
        val r8 = Path.of(Class.forName("com.android.tools.r8.R8").protectionDomain.codeSource.location.toURI())
        val said = java(
            "-Xmx3g", "-cp", "$r8", "com.android.tools.r8.R8", "--release", "--classfile", "--lib", "$library",
            "--pg-conf", "$file", "--output", "$output", *program.map { "$it" }.toTypedArray(),
        )
        if (!output.exists()) return said
        val native = "-Djna.library.path=" + System.getProperty("jna.library.path")
        return java(native, "-cp", "$output", ShrunkApp::class.java.name, sandbox.host)
    }

    /** The output of a JVM, which is ended if it hangs: a callback that R8 broke is never called. */
    private fun java(vararg arguments: String): List<String> {
        val output = folder.resolve("output.txt")
        val process = ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), *arguments)
            .redirectErrorStream(true).redirectOutput(output.toFile()).start()
        if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) process.destroyForcibly().waitFor()
        return output.readText().trim().lines()
    }

    private companion object {
        const val MAIN = "-keep class b2core.auth.samples.ShrunkApp { public static void main(java.lang.String[]); }"
        const val LONGEST_MINUTES = 3L
    }
}
