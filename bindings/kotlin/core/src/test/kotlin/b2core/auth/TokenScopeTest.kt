package b2core.auth

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** Which URLs may receive a token. */
class TokenScopeTest {
    @Test
    fun schemeHostAndPortHaveToBeTheSame() {
        val scope = TokenScope("https://Broker.Example")
        assertTrue(scope.contains("https", "broker.example", 443, "/"))
        assertTrue(scope.contains("HTTPS", "BROKER.example", 443, "/orders/../x"))
        assertTrue(scope.contains("wss", "broker.example", 443, "/live"))
        assertFalse(scope.contains("http", "broker.example", 443, "/"))
        assertFalse(scope.contains("ws", "broker.example", 443, "/"))
        assertFalse(scope.contains("https", "broker.example", 8443, "/"))
        for (host in listOf("api.broker.example", "broker.example.evil.example", "evilbroker.example", "broker.example.")) {
            assertFalse(scope.contains("https", host, 443, "/"), host)
        }
    }

    @Test
    fun thePathHasToBeginWithTheSameSegments() {
        for (base in listOf("https://h/tenant-a", "https://h:443/tenant-a/")) {
            val scope = TokenScope(base)
            for (path in listOf("/tenant-a", "/tenant-a/", "/tenant-a/x", "/tenant-a/x/..hidden/...", "/tenant-a/%20")) {
                assertTrue(scope.contains("https", "h", 443, path), path)
            }
            for (path in listOf("", "/", "/tenant-ab", "/tenant-b", "/Tenant-a/x", "//tenant-a/x", "tenant-a")) {
                assertFalse(scope.contains("https", "h", 443, path), path)
            }
        }
    }

    @Test
    fun noWayLeadsOutOfTheBasePath() {
        val scope = TokenScope("https://h/a")
        val ways = listOf(
            "/a/../b", "/a/x/../../b", "/a/..", "/a/.", "/a/%2e%2e/b", "/a/%2E./b", "/a/%252e%252e/b", "/a/..;x=1/b", "/a/..%3b/b",
            "/a/%2e%2e%2fb", "/a/..\\b", "/a\\..\\b", "/a/%5c..%5cb", "/a/.\t./b", "/a/ ../b", "/a/.\n./b",
            "/a/..%00/b", "/a/..%2509/b",
        )
        for (way in ways) assertFalse(scope.contains("https", "h", 443, way), way)
    }

    @Test
    fun anAddressHasManyForms() {
        val scope = TokenScope("https://[2001:DB8::1]")
        for (host in listOf("2001:db8::1", "[2001:db8::1]", "2001:db8:0:0:0:0:0:1")) {
            assertTrue(scope.contains("https", host, 443, "/"), host)
        }
        assertFalse(scope.contains("https", "2001:db8::2", 443, "/"))
    }

    @Test
    fun oneOfTheBaseUrlsIsEnough() {
        val scope = TokenScope("https://one.example", "https://two.example/api")
        assertTrue(scope.contains("https", "one.example", 443, "/x"))
        assertTrue(scope.contains("https", "two.example", 443, "/api/x"))
        assertFalse(scope.contains("https", "two.example", 443, "/x"))
        assertEquals("TokenScope(https://one.example, https://two.example/api)", scope.toString())
    }

    @Test
    fun plainHttpIsForThisMachineOnly() {
        for (url in listOf("http://localhost:8080", "http://127.0.0.1", "http://127.9.9.9:1/x", "http://[::1]:80")) TokenScope(url)
        val others = listOf(
            "http://broker.example", "http://10.0.0.1", "http://localhost.", "http://127.0.0.1.evil.example", "http://127.0.0.256",
            "http://[::2]",
        )
        for (url in others) assertFailsWith<IllegalArgumentException>(url) { TokenScope(url) }
    }

    @Test
    fun whatIsNoBaseUrlIsRefused() {
        val none = listOf(
            "", "broker.example", "ftp://h", "https://", "https:///x", "https://user@h", "https://h?x", "https://h/#x", "https://h/a b",
            "https://h/../b", "https://h/a//b", "https://h/%61", "https://h:0", "https://h:65536", "https://h:x",
            "https://h\\evil.example",
        )
        for (url in none) assertFailsWith<IllegalArgumentException>(url) { TokenScope(url) }
        assertFailsWith<IllegalArgumentException> { TokenScope(emptyList()) }
    }
}
