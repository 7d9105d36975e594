package b2core.auth

import b2core.auth.support.compile
import org.jetbrains.kotlin.cli.common.ExitCode
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.test.assertEquals

/** What an app may write, and what it cannot. */
class CompileTest {
    @Test
    fun illegalStepsDoNotCompile(@TempDir folder: Path) {
        val legal = calls.flatMap { (step, its) -> its.map { step to it } }
        val all = legal.map { it.second }.distinct()
        val illegal = calls.keys.flatMap { step -> all.map { step to it } } - legal.toSet()

        assertEquals(ExitCode.OK to "", compile(folder, source(legal)))
        val (code, errors) = compile(folder, source(illegal))
        assertEquals(ExitCode.COMPILATION_ERROR, code)
        // Every single line, and for the reason that it is there for.
        val refused = Regex(""":(\d+):\d+: error: (unresolved reference|no value passed|too many arguments)""")
        val lines = refused.findAll(errors).map { it.groupValues[1].toInt() }.toSet()
        assertEquals(emptyList(), illegal.filterIndexed { index, _ -> index + FIRST_LINE !in lines }, errors)
    }

    @Test
    fun readmeExamplesCompile(@TempDir folder: Path) {
        val examples = Path.of("../README.md").readText().split("```kotlin\n").drop(1).map { it.substringBefore("```") }
        // The first needs other modules too: somebody else's project runs it in `cargo xtask test`.
        assertEquals(4, examples.size)
        for (example in examples.drop(1)) assertEquals(ExitCode.OK to "", compile(folder, example))
    }

    /** The calls of each step, all of which are tried at every step. */
    private val calls = mapOf(
        "Start" to listOf("open()"),
        "Credentials" to listOf("submit(\"ann@example.org\", \"password\")"),
        "ChooseMethod" to listOf("choose(TwoFactorMethod.SMS)"),
        "Code" to listOf("submit(\"123456\")", "choose(TwoFactorMethod.SMS)"),
        "MailedCode" to listOf("submit(\"123456\")"),
        "ResetCode" to listOf("submit(\"123456\")"),
        "NewPassword" to listOf("submit(\"123456\")"),
        "SignedIn" to listOf("session.accessToken()"),
        "Unsupported" to listOf("workflow"),
    )

    private fun source(lines: List<Pair<String, String>>): String =
        "package app\nimport b2core.auth.*\n" + lines.withIndex().joinToString("\n") { (index, line) ->
            "suspend fun f$index(step: SignInStep.${line.first}): Any? = step.${line.second}"
        }

    private companion object {
        const val FIRST_LINE = 3
    }
}
