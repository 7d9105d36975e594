import B2CoreAuthGenerated

// The generated errors have texts, but not the conformances that make Swift use them: without these, printing an error
// would show its fields. What is printed, `localizedDescription` too, is the error's one line.

extension AuthError: CustomStringConvertible, CustomDebugStringConvertible {
    public var debugDescription: String { description }
}

extension StoreError: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String {
        switch self {
        case .Unavailable: "the store is not available now"
        case .Failed: "the store failed"
        }
    }

    public var debugDescription: String { description }
}

extension TransportError: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String {
        switch self {
        case .Network(let problem): "no answer from the host (\(problem))"
        }
    }

    public var debugDescription: String { description }
}

// `dump` looks into values whatever their text says.

extension HostText: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["lines": lines.count]) }
}

extension HttpHeader: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

extension LoadResult: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .found(let data): "found(\(data.count) bytes)"
        case .missing: "missing"
        case .unavailable: "unavailable"
        }
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SignedOut: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SignedOut(revoked: \(revoked))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["revoked": revoked]) }
}

extension Offer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "Offer(\(method))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["method": method]) }
}
