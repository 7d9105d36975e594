import B2CoreAuthGenerated
import Foundation

// The generated errors have a description, but not the conformances that make Swift use it. Without them, printing an error
// would show its fields.

extension AuthError: CustomStringConvertible, CustomDebugStringConvertible {
    public var debugDescription: String { description }
}

extension StoreError: CustomStringConvertible, CustomDebugStringConvertible {
    public var debugDescription: String { description }
}

extension TransportError: CustomStringConvertible, CustomDebugStringConvertible {
    public var debugDescription: String { description }
}

// A store and a transport throw these to the library, never to a user.

extension StoreError: LocalizedError {
    public var errorDescription: String? { description }
}

extension TransportError: LocalizedError {
    public var errorDescription: String? { description }
}

// `dump` reflects on values, whatever their description is.

extension ServerMessage: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["lines": lines.count]) }
}

extension HttpHeader: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

extension LoadResult: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SignedOut: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["revocation": revocation]) }
}

extension AuthState: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension AccountKey: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["office": office]) }
}

extension MethodOption: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["method": method]) }
}

extension QrDetails: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["host": host, "risks": risks]) }
}

extension ChannelSubscription: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["url": url]) }
}
