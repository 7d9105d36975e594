package b2core.auth.ktor

import b2core.auth.support.compile
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.test.assertEquals

/** What the README tells an app to write. */
class CompileTest {
    @Test
    fun readmeExamplesCompile(@TempDir folder: Path) {
        val examples = Path.of("README.md").readText().split("```kotlin\n").drop(1).map { it.substringBefore("```") }
        assertEquals(1, examples.size)
        for (example in examples) assertEquals("OK", compile(folder, example))
    }
}
