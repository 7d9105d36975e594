package b2core.auth.support

import org.jetbrains.kotlin.cli.common.ExitCode
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.writeText

/** Compiles a source file as an app would, against the classes under test; returns the exit code and the output. */
fun compile(folder: Path, source: String): Pair<ExitCode, String> {
    val file = folder.resolve("App.kt")
    file.writeText(source)
    val output = ByteArrayOutputStream()
    val code = K2JVMCompiler().exec(
        PrintStream(output),
        "-cp", System.getProperty("java.class.path"), "-d", folder.resolve("out").toString(),
        "-no-stdlib", "-no-reflect", "-nowarn", "-jvm-target", "17", file.toString(),
    )
    return code to output.toString()
}
