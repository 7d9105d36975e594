package b2core.auth.ktor

import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Many requests at once. */
class CrowdTest {
    @Test
    fun manyRequestsWithARejectedTokenRefreshOnce() = scene { coroutines ->
        val old = rejected()
        val few = Semaphore(50)
        val statuses = List(CROWD) { coroutines.async { few.withPermit { get("/orders") } } }.awaitAll()
        assertEquals(setOf(200), statuses.toSet())
        assertEquals(1, host.refreshes())
        val rejections = api.tokens("/orders").count { it == old }
        assertTrue(rejections > 1, "$rejections")
        assertEquals(CROWD + rejections, api.seen.size)
    }

    private companion object {
        const val CROWD = 1_000
    }
}
