import Foundation

/// A request that a ``Transport`` sends unchanged. It contains secrets, so it prints its method and address only.
public struct HttpRequest: Hashable, Sendable {
    /// `GET` or `POST`.
    public let method: String

    /// The whole URL. It contains no secret.
    public let url: String

    /// All headers to send. One may be a bearer token.
    public let headers: [HttpHeader]

    /// The body, if there is one. It may hold a password, a code or a token: do not log it.
    public let body: Data?

    /// A request: for a transport that changes one, and for tests of a transport.
    public init(method: String, url: String, headers: [HttpHeader] = [], body: Data? = nil) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
    }
}

/// The answer that a ``Transport`` returns, whatever its status. It may contain tokens, so it prints its status only.
public struct HttpResponse: Hashable, Sendable {
    /// The HTTP status.
    public let status: Int

    /// The headers. Only `Date` and `Retry-After` are used.
    public let headers: [HttpHeader]

    /// The body. It may hold tokens: do not log it.
    public let body: Data

    /// An answer.
    public init(status: Int, headers: [HttpHeader] = [], body: Data = Data()) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }
}

/// A header of a request or an answer. It prints its name only.
public struct HttpHeader: Hashable, Sendable {
    /// The name.
    public let name: String

    /// The value. It may be a bearer token.
    public let value: String

    /// A header.
    public init(name: String, value: String) {
        (self.name, self.value) = (name, value)
    }
}

extension HttpRequest {
    init(_ raw: Raw.HttpRequest) {
        self.init(method: raw.method(), url: raw.url(), headers: raw.headers().map(HttpHeader.init), body: raw.body())
    }
}

extension HttpResponse {
    /// A status that HTTP cannot have is an answer that is not HTTP.
    func raw() throws(TransportError) -> Raw.HttpResponse {
        guard let status = UInt16(exactly: status) else { throw .network(.notHttp) }
        return Raw.HttpResponse(status: status, headers: headers.map(\.raw), body: body)
    }
}

extension HttpHeader {
    init(_ raw: Raw.HttpHeader) {
        self.init(name: raw.name, value: raw.value)
    }

    var raw: Raw.HttpHeader { Raw.HttpHeader(name: name, value: value) }
}

extension HttpRequest: CustomStringConvertible, CustomReflectable {
    public var description: String { "\(method) \(url)" }
    public var customMirror: Mirror { Mirror(self, children: ["method": method, "url": url]) }
}

extension HttpResponse: CustomStringConvertible, CustomReflectable {
    public var description: String { "HttpResponse(\(status))" }
    public var customMirror: Mirror { Mirror(self, children: ["status": status]) }
}

extension HttpHeader: CustomStringConvertible, CustomReflectable {
    public var description: String { "\(name): .." }
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
