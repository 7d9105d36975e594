import B2CoreAuth
internal import B2CoreAuthSandboxGenerated
import Foundation

/// A message with a code in it, which a real host would have sent. It prints without the code.
public struct SandboxMessage: Equatable, Sendable {
    /// True for an e-mail, false for a text message.
    public let isMail: Bool
    /// The phone or the e-mail address that it went to.
    public let to: String
    /// The e-mail of the user it is for.
    public let email: String
    /// When it was sent, by the sandbox's clock.
    public let sentAt: Date
    /// The code.
    public let code: String

    init(_ raw: B2CoreAuthSandboxGenerated.SandboxMessage) {
        isMail = raw.channel == .mail
        (to, email, sentAt, code) = (raw.to, raw.email, raw.sentAt, raw.code)
    }
}

extension SandboxMessage: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SandboxMessage(\(isMail ? "mail" : "SMS") to \(to))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["isMail": isMail, "to": to]) }
}

/// One request that came to a ``Sandbox``, without its secrets.
public struct SandboxRequest: Equatable, Sendable, CustomStringConvertible {
    /// The HTTP method.
    public let method: String
    /// The path without the query.
    public let path: String
    /// The HTTP status of the answer; 0 while there is none, and where none was given.
    public let status: Int
    /// The correlation id that came with it; an `AuthError` has the same.
    public let correlationId: String?
    /// The names of the fields in the JSON body, never their values.
    public let bodyFields: [String]
    /// The office that the path belongs to; `nil` for none.
    public let office: Office?
    /// The fault that acted on it, as text; `nil` for none.
    public let fault: String?
    /// When it arrived, by the sandbox's clock.
    public let time: Date

    public var description: String { "\(method) \(path) \(status)" }

    init(_ raw: B2CoreAuthSandboxGenerated.SandboxRequest) {
        (method, path, status, correlationId) = (raw.method, raw.path, Int(raw.status), raw.correlationId)
        (bodyFields, office) = (raw.bodyFields, raw.office.map { Office($0) })
        (fault, time) = (raw.fault, raw.time)
    }
}

/// A fault that was set, and what it has done.
public struct SandboxFault: Equatable, Sendable, CustomStringConvertible {
    /// The fault, as text.
    public let spec: String
    /// How many requests came to its place.
    public let seen: Int64
    /// On how many of them it acted.
    public let acted: Int64

    public var description: String { "\(spec): acted on \(acted) of \(seen)" }

    init(_ raw: B2CoreAuthSandboxGenerated.SandboxFault) {
        (spec, seen, acted) = (raw.fault, raw.seen, raw.acted)
    }
}
