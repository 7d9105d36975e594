/// The host's message for the user, in the host's language. Show its ``lines`` beside a message of your own. Printing it shows none
/// of them, because the text may name a person.
public struct ServerMessage: Hashable, Sendable {
    /// One line for each problem; empty if the host sent no message.
    public let lines: [String]

    /// A message, such as for a test of a view.
    public init(lines: [String]) {
        self.lines = lines
    }
}

extension ServerMessage {
    init(_ raw: Raw.ServerMessage) {
        self.init(lines: raw.lines)
    }

    var raw: Raw.ServerMessage { Raw.ServerMessage(lines: lines) }
}

extension ServerMessage: CustomStringConvertible, CustomReflectable {
    public var description: String { "ServerMessage(\(lines.count) lines)" }
    public var customMirror: Mirror { Mirror(self, children: ["lines": lines.count]) }
}
