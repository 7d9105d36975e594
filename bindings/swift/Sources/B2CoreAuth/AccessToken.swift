/// An access token. Only ``value`` shows it: neither printing nor `dump` does.
public struct AccessToken: Sendable {
    /// The token, to be sent as `Authorization: Bearer …`.
    public let value: String

    init(_ value: String) {
        self.value = value
    }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "AccessToken(..)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
