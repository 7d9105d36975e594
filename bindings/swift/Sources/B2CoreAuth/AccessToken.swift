/// An access token. Only ``value`` shows it: neither printing nor `dump` does.
public struct AccessToken: Sendable {
    /// The token, to be sent as `Authorization: Bearer …`.
    public let value: String

    /// For naming the token of a request that was refused; tokens come from a ``Session``.
    public init(_ value: String) {
        self.value = value
    }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "AccessToken(..)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
