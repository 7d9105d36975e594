package b2core.auth.test

import org.jetbrains.kotlin.cli.common.ExitCode
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.net.URLClassLoader
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.io.path.writeText
import kotlin.test.assertContains
import kotlin.test.assertEquals

/** What the README says is so. */
class ReadmeTest {
    private val readme = Path.of("README.md").readText()

    @Test
    fun theExamplesCompileAndRun(@TempDir folder: Path) {
        val examples = readme.split("```kotlin\n").drop(1).map { it.substringBefore("```") }
        assertEquals(2, examples.size)
        for ((index, example) in examples.withIndex()) {
            val output = folder.resolve("out$index")
            assertEquals(ExitCode.OK to "", compile(folder.resolve("Example$index.kt"), example, output))
            URLClassLoader(arrayOf(output.toUri().toURL()), javaClass.classLoader).use { loader ->
                if (index == 0) {
                    val test = loader.loadClass("FirstTest")
                    test.getMethod("anExpiredTokenIsRefreshed").invoke(test.getConstructor().newInstance())
                } else {
                    loader.loadClass("Example1Kt").getMethod("examples").invoke(null)
                }
            }
        }
    }

    @Test
    fun everyWordOfAFaultIsOne() {
        val rows = readme.substringAfter("| | words |").substringBefore("## From Java").lines().filter { it.startsWith("| ") }
        val words = rows.associate { row -> row.split("|")[1].trim() to Regex("`([^`]+)`").findAll(row).map { it.groupValues[1] } }
        val endpoints = words.getValue("endpoints").toList()
        val acts = (words - "endpoints" - "---").values.flatMap { it.toList() }
        Sandbox().use { sandbox ->
            for (endpoint in endpoints) sandbox.fault("$endpoint:drop=before")
            for (act in acts) sandbox.fault("any:$act")
            assertEquals(18 + 15, sandbox.faults.size)
            val refusal = runCatching { sandbox.fault("nowhere:drop=after") }.exceptionOrNull()!!.message!!
            for (endpoint in refusal.substringAfter("there are ").split(", ", " and ")) assertContains(endpoints, endpoint)
        }
    }

    private fun compile(file: Path, source: String, into: Path): Pair<ExitCode, String> {
        file.writeText(source)
        val output = ByteArrayOutputStream()
        val code = K2JVMCompiler().exec(
            PrintStream(output),
            "-cp", System.getProperty("java.class.path"), "-d", into.toString(),
            "-no-stdlib", "-no-reflect", "-nowarn", "-jvm-target", "17", file.toString(),
        )
        return code to output.toString()
    }
}
