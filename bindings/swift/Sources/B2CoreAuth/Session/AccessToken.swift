/// An access token. Only ``value`` shows it; printing and `dump` do not.
public struct AccessToken: Hashable, Sendable {
    /// The token, to be sent as `Authorization: Bearer …`.
    public let value: String

    /// For ``Session/replaceRejectedToken(_:)``: all other tokens come from a ``Session``.
    public init(_ value: String) {
        self.value = value
    }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "AccessToken(..)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
