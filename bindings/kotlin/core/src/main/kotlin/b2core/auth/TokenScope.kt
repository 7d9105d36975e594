package b2core.auth

import b2core.auth.ffi.AuthException as FfiException
import b2core.auth.ffi.TokenScope as FfiTokenScope

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
    private val baseUrls = baseUrls.toList()
    private val ffi: FfiTokenScope

    init {
        require(baseUrls.isNotEmpty()) { "a base URL is needed" }
        ffi = try {
            FfiTokenScope(this.baseUrls)
        } catch (e: FfiException.Setup) {
            throw IllegalArgumentException(e.problem, e)
        }
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
    public fun contains(scheme: String, host: String, port: Int, encodedPath: String): Boolean =
        port in 1..65_535 && ffi.contains(scheme, host, port.toUShort(), encodedPath)

    /** The base URLs. */
    override fun toString(): String = "TokenScope(${baseUrls.joinToString()})"
}
