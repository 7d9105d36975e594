/// What lies behind an ``AuthError`` or a ``TransportError``: for developers.
///
/// It says why something went wrong, and not what: all causes are equal, so that two errors that differ in nothing else are equal too.
/// It prints its reasons only. Nobody here knows what the text of an app's own error holds.
public struct FailureCause: Sendable {
    /// The nearest reason first, in English and for a log or a report, such as `name not found: broker.example`. They may name hosts,
    /// addresses and files, and have no secret. Empty if nothing is known.
    public let reasons: [String]

    /// The error of the app's own code, such as of its store or its transport; `nil` if it threw none.
    public let underlyingError: (any Error)?

    /// A cause with an error, such as for what a ``Transport`` throws.
    public init(_ underlyingError: (any Error)? = nil) {
        (reasons, self.underlyingError) = ([], underlyingError)
    }
}

extension FailureCause {
    init(_ raw: Raw.Reasons) {
        (reasons, underlyingError) = (raw.texts, raw.thrown.flatMap(Thrown.find))
    }

    /// Without the error: for the library, which knows it by a number only.
    var raw: Raw.Reasons { Raw.Reasons(texts: reasons, thrown: nil) }
}

extension FailureCause: Hashable {
    public static func == (_: FailureCause, _: FailureCause) -> Bool { true }

    public func hash(into _: inout Hasher) {}
}

extension FailureCause: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "FailureCause(\(reasons))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["reasons": reasons]) }
}
