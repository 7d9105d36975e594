import Foundation

/// The URLs to which an access token may be sent: those below one of some base URLs. It is what an HTTP client asks before it puts a
/// token on a request, and again after each redirect. ``Session/data(for:using:within:)`` does both.
///
/// A base URL is written as the host of an ``AuthClient`` is: `https://broker.example` or `https://broker.example/tenant-a`. A URL is below
/// it if it has the same scheme, the same host, the same port, and a path that begins with the same segments. So
/// `https://broker.example/tenant-ab`, `https://broker.example:8443/tenant-a`, `http://broker.example/tenant-a` and
/// `https://api.broker.example/tenant-a` are not below `https://broker.example/tenant-a`. Live connections count as what they begin as:
/// `wss` as `https`, `ws` as `http`.
public struct TokenScope: Sendable {
    private let raw: Raw.TokenScope
    private let baseUrls: [String]

    /// The scope of this base URL and perhaps further ones.
    ///
    /// - Throws: ``AuthError/setup(problem:)`` if one of them is no base URL: it needs `https`, or plain `http` for this machine; an
    ///   international name is written in its `xn--` form; there is no user, query or fragment.
    public init(_ baseUrl: String, _ further: String...) throws(AuthError) {
        try self.init(baseUrls: [baseUrl] + further)
    }

    init(baseUrls: [String]) throws(AuthError) {
        raw = try checked { try Raw.TokenScope(baseUrls: baseUrls) }
        self.baseUrls = baseUrls
    }

    /// True if a token may be sent to this URL. One with a user or a password is refused, and so is one that is not written as its parts
    /// are read: another parser could find another host in it. Below a base URL that has a path, so is a path that a host could read as a
    /// way out of it.
    public func contains(_ url: URL) -> Bool {
        guard let parts = URLComponents(url: url, resolvingAgainstBaseURL: true), parts.user == nil,
            parts.password == nil,
            let scheme = parts.scheme?.lowercased(), let host = parts.percentEncodedHost,
            let port = parts.port.map({ UInt16(exactly: $0) }) ?? TokenScope.ports[scheme],
            isWritten(url, scheme + "://" + host + (parts.port.map { ":\($0)" } ?? ""))
        else { return false }
        return raw.contains(scheme: scheme, host: host, port: port, encodedPath: parts.percentEncodedPath)
    }

    private static let ports: [String: UInt16] = ["https": 443, "wss": 443, "http": 80, "ws": 80]

    /// Whether the text of the URL begins with this and nothing else belongs to its host.
    private func isWritten(_ url: URL, _ start: String) -> Bool {
        let text = url.absoluteString
        guard text.lowercased().hasPrefix(start.lowercased()) else { return false }
        let next = text.dropFirst(start.count).first
        return next == nil || next == "/" || next == "?" || next == "#"
    }
}

extension TokenScope: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "TokenScope(\(baseUrls.joined(separator: ", ")))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["baseUrls": baseUrls]) }
}
