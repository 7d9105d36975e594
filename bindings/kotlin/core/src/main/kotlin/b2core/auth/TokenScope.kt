package b2core.auth

import java.net.Inet6Address
import java.net.InetAddress
import java.util.Locale

/**
 * The URLs to which an access token may be sent: those below one of some base URLs. It is what an HTTP client asks before it
 * puts a token on a request, and again after each redirect.
 *
 * A base URL is written as the host of an [AuthClient] is: `https://broker.example` or `https://broker.example/tenant-a`. A URL is
 * below it if it has the same scheme, the same host, the same port, and a path that begins with the same segments. So
 * `https://broker.example/tenant-ab`, `https://broker.example:8443/tenant-a`, `http://broker.example/tenant-a` and
 * `https://api.broker.example/tenant-a` are not below `https://broker.example/tenant-a`. Live connections count as what
 * they begin as: `wss` as `https`, `ws` as `http`.
 *
 * @param baseUrls the base URLs, at least one.
 * @throws IllegalArgumentException if one of them is no base URL: it needs `https`, or plain `http` for this machine
 * (`localhost`, `127.0.0.0/8`, `[::1]`); an international name is written in its `xn--` form; there is no user, query or fragment.
 */
public class TokenScope(baseUrls: Collection<String>) {
    private val bases = baseUrls.map(Base::read)

    init {
        require(bases.isNotEmpty()) { "a base URL is needed" }
    }

    /** The scope of this base URL and perhaps further ones. */
    public constructor(baseUrl: String, vararg further: String) : this(listOf(baseUrl, *further))

    /**
     * True if a token may be sent to this URL. Give its parts as the HTTP client that sends the request has parsed them: another
     * parser could find another host in the same text.
     *
     * @param scheme such as `https`.
     * @param host the name or address; an IPv6 address with or without brackets.
     * @param port the port, also where it is the scheme's own.
     * @param encodedPath the path as it is sent, percent-encoded. Below a base URL that has a path, one that a host could read as a
     * way out of it is refused: with `.` or `..` as a segment, encoded or not.
     */
    public fun contains(scheme: String, host: String, port: Int, encodedPath: String): Boolean {
        val plainScheme = when (val lower = scheme.lowercase(Locale.ROOT)) {
            "wss" -> "https"
            "ws" -> "http"
            else -> lower
        }
        val plainHost = canonicalHost(host)
        return bases.any {
            it.scheme == plainScheme && it.host == plainHost && it.port == port && it.isAbove(encodedPath)
        }
    }

    /** The base URLs. */
    override fun toString(): String = "TokenScope(${bases.joinToString()})"

    private class Base(
        private val text: String,
        val scheme: String,
        val host: String,
        val port: Int,
        private val path: String,
    ) {
        fun isAbove(encodedPath: String): Boolean =
            path.isEmpty() ||
                ((encodedPath == path || encodedPath.startsWith("$path/")) && !leadsElsewhere(encodedPath))

        override fun toString(): String = text

        companion object {
            private val FORM = Regex("""(https?)://(\[[0-9a-f:.]+]|[a-z0-9_.-]+)(?::([0-9]{1,5}))?((?:/[A-Za-z0-9_.~-]+)*)/*""")
            private val AUTHORITY = Regex("""^[^/]*//[^/]*""")

            fun read(text: String): Base {
                // Only the path has a case that matters.
                val plain = text.trim().replace(AUTHORITY) { it.value.lowercase(Locale.ROOT) }
                val (scheme, host, port, path) = requireNotNull(FORM.matchEntire(plain)?.destructured) {
                    "a base URL is written as https://host/path"
                }
                val number = if (port.isEmpty()) (if (scheme == "https") 443 else 80) else port.toInt()
                require(number in 1..65_535) { "the port must be a number from 1 to 65535" }
                require(!leadsElsewhere(path)) { "a base URL has no dot segments" }
                val canonical = canonicalHost(host)
                require(scheme == "https" || isThisMachine(canonical)) { "plain http is only for this machine: use https" }
                return Base(plain.trimEnd('/'), scheme, canonical, number, path)
            }
        }
    }
}

/** In lower case; an IPv6 address in one form, without brackets. */
private fun canonicalHost(host: String): String {
    val lower = host.lowercase(Locale.ROOT).removeSurrounding("[", "]")
    // With a colon it is an address, so nothing is resolved.
    val address = lower.takeIf { ':' in it }?.let { runCatching { InetAddress.getByName(it) }.getOrNull() }
    return if (address is Inet6Address) address.hostAddress else lower
}

private val LOOPBACK = Regex("""127(\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}""")

private fun isThisMachine(host: String): Boolean =
    host == "localhost" || host == "0:0:0:0:0:0:0:1" || LOOPBACK.matches(host)

/** Whether a host could take a segment for `.` or `..`, however it decodes them. */
private fun leadsElsewhere(path: String): Boolean {
    val decoded = generateSequence(path) { decodedOnce(it).takeIf { next -> next != it } }.last()
    // Some hosts cut a segment off at a control character, encoded or not.
    if (' ' in path || decoded.any { it < ' ' || it == '\u007f' }) return true
    return decoded.split('/', '\\').any { it.substringBefore(';') in DOTS }
}

private val DOTS = setOf(".", "..")
private val ESCAPE = Regex("%([0-9A-Fa-f]{2})")

private fun decodedOnce(text: String): String =
    if ('%' in text) text.replace(ESCAPE) { it.groupValues[1].toInt(16).toChar().toString() } else text
