package b2core.auth.support

import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.writeText

/** Compiles a source file as an app would, against the classes under test; returns how it ended, and the errors. */
fun compile(folder: Path, source: String): String {
    val file = folder.resolve("App.kt")
    file.writeText(source)
    val output = ByteArrayOutputStream()
    val code = K2JVMCompiler().exec(
        PrintStream(output),
        "-cp", System.getProperty("java.class.path"), "-d", folder.resolve("out").toString(),
        "-no-stdlib", "-no-reflect", "-nowarn", "-jvm-target", "17", file.toString(),
    )
    return code.toString() + output
}
