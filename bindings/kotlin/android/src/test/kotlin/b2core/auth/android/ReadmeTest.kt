package b2core.auth.android

import org.jetbrains.kotlin.cli.common.ExitCode
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.test.assertEquals

/** What the README and the parts of the AAR say. */
class ReadmeTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val readme = File("README.md").readText()

    @Test
    fun examplesCompile() {
        val examples = readme.split("```kotlin\n").drop(1).map { it.substringBefore("```") }
        assertEquals(2, examples.size)
        for (example in examples) assertEquals(ExitCode.OK to "", compile(example))
    }

    @Test
    fun everyFaultIsExplained() {
        val rows = Regex("""(?m)^\| `([A-Z_]+)` \| .* \| (.*) \|$""").findAll(readme)
            .associate { it.groupValues[1] to ("moved aside" in it.groupValues[2]) }
        assertEquals(KeystoreFault.entries.associate { it.name to it.isLasting }, rows)
    }

    @Test
    fun backupRulesExcludeTheFolderThatTheReadmeNames() {
        assertEquals(true, "File(filesDir, \"b2core-auth\")" in readme)
        for ((name, times) in mapOf("b2core_auth_backup_rules" to 1, "b2core_auth_data_extraction_rules" to 2)) {
            assertEquals(true, "@xml/$name" in readme)
            val rules = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(File("src/main/res/xml/$name.xml"))
            val excluded = rules.getElementsByTagName("exclude").let { all -> (0 until all.length).map { all.item(it).attributes } }
            val places = excluded.map { it.getNamedItem("domain").nodeValue to it.getNamedItem("path").nodeValue }
            assertEquals(List(times) { "file" to "b2core-auth/" }, places)
        }
    }

    private fun compile(source: String): Pair<ExitCode, String> {
        val file = folder.newFile().run { File("$path.kt").also(::renameTo) }.apply { writeText(source) }
        val output = ByteArrayOutputStream()
        val code = K2JVMCompiler().exec(
            PrintStream(output), "-cp", System.getProperty("java.class.path"), "-d", folder.newFolder().path,
            "-no-stdlib", "-no-reflect", "-nowarn", "-jvm-target", "17", file.path,
        )
        return code to output.toString()
    }
}
