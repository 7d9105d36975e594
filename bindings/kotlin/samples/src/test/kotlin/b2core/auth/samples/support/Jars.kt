package b2core.auth.samples.support

import java.net.URI
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.Path
import java.util.jar.JarEntry
import java.util.jar.JarOutputStream
import kotlin.io.path.invariantSeparatorsPathString
import kotlin.io.path.isDirectory
import kotlin.io.path.outputStream
import kotlin.io.path.readBytes
import kotlin.io.path.relativeTo
import kotlin.io.path.walk

/** The files beside this class, in its folder or jar, by their names. */
fun classes(of: Class<*>): Map<String, ByteArray> {
    val place = Path.of(of.protectionDomain.codeSource.location.toURI())
    if (place.isDirectory()) return files(place)
    return FileSystems.newFileSystem(place).use { files(it.getPath("/")) }
}

/** The classes that Android and the JVM share: those without windows, so that R8 misses what a device has not. */
fun platform(jar: Path): Path {
    val modules = FileSystems.getFileSystem(URI("jrt:/"))
    return jarOf(jar, listOf("java.base", "java.logging").flatMap { files(modules.getPath("/modules/$it")).toList() }.toMap())
}

fun jarOf(jar: Path, files: Map<String, ByteArray>): Path {
    JarOutputStream(jar.outputStream()).use { out ->
        for ((name, bytes) in files) {
            out.putNextEntry(JarEntry(name))
            out.write(bytes)
        }
    }
    return jar
}

private fun files(root: Path): Map<String, ByteArray> = root.walk()
    .map { it.relativeTo(root).invariantSeparatorsPathString to it }
    .filter { (name, file) -> Files.isRegularFile(file) && "module-info" !in name && !name.startsWith("META-INF") }
    .associate { (name, file) -> name to file.readBytes() }
