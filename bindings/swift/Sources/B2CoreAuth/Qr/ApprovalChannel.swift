import Foundation

/// A live channel of the app's own: how a display learns that its code was approved, such as by the app's push messages or its own
/// client of the host's laravel-echo-server.
public protocol ApprovalChannel: Sendable {
    /// Watches the channel and reports to `events` what happens there, until it cannot go on: that is the result. Its task is
    /// cancelled when nobody waits any more. It connects again by itself, and logs neither the channel's name nor what arrives
    /// there.
    func watch(_ subscription: ChannelSubscription, events: ChannelEvents) async -> ChannelProblem
}

/// How a display learns of its approval.
public enum ChannelChoice: Sendable {
    /// By the host's live channel, which is built in. A native library that is built without an HTTP stack has none: there a display
    /// ends with ``ChannelProblem/failed``.
    case bundled
    /// By a live channel of the app's own.
    case custom(any ApprovalChannel)
    /// By ``QrSignIn/complete(authorizationToken:)`` alone.
    case off
}

extension ChannelChoice {
    var raw: Raw.ChannelChoice {
        switch self {
        case .bundled: .bundled
        case .custom(let channel): .custom(channel: ApprovalChannelAdapter(channel))
        case .off: .off
        }
    }
}

extension ChannelChoice: CustomStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .bundled: "bundled"
        case .custom: "custom(..)"
        case .off: "off"
        }
    }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The channel that an ``ApprovalChannel`` watches. It prints without the channel's name, which is a secret.
public struct ChannelSubscription: Hashable, Sendable {
    /// The address of the live channel's server, such as `https://broker.example/socket.io/`.
    public let url: String

    /// The channel's name.
    public let channel: String

    /// Headers by which the subscriber of a private channel is authorized.
    public let headers: [HttpHeader]

    /// `User-Agent` of the connection.
    public let userAgent: String

    /// A subscription, such as for a test of an ``ApprovalChannel``.
    public init(url: String, channel: String, headers: [HttpHeader] = [], userAgent: String) {
        (self.url, self.channel, self.headers, self.userAgent) = (url, channel, headers, userAgent)
    }
}

extension ChannelSubscription {
    init(_ raw: Raw.ChannelSubscription) {
        self.init(
            url: raw.url, channel: raw.channel, headers: raw.headers.map(HttpHeader.init), userAgent: raw.userAgent)
    }
}

extension ChannelSubscription: CustomStringConvertible, CustomReflectable {
    public var description: String { "ChannelSubscription(url: \(url))" }
    public var customMirror: Mirror { Mirror(self, children: ["url": url]) }
}

/// Takes what an ``ApprovalChannel`` reports. Its calls return at once; after the end of the watch they do nothing.
public struct ChannelEvents: Sendable {
    let raw: Raw.ChannelEvents

    /// Events that are published from now on arrive. The code is shown only after this.
    public func subscribed() {
        raw.subscribed()
    }

    /// Events can have been missed, or no connection could be made. It is tried again. A code that is shown is replaced.
    public func interrupted(_ problem: ChannelProblem) {
        raw.interrupted(problem: problem.raw)
    }

    /// An event of this channel: its name, and its data as JSON.
    public func message(name: String, data: Data) {
        raw.message(name: name, data: data)
    }
}

extension ChannelEvents: CustomStringConvertible, CustomReflectable {
    public var description: String { "ChannelEvents" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// An app's channel as the library calls it.
final class ApprovalChannelAdapter: Raw.ApprovalChannel {
    private let channel: any ApprovalChannel

    init(_ channel: any ApprovalChannel) {
        self.channel = channel
    }

    func watch(subscription: Raw.ChannelSubscription, events: Raw.ChannelEvents) async -> Raw.ChannelEnd {
        let problem = await channel.watch(ChannelSubscription(subscription), events: ChannelEvents(raw: events))
        return Raw.ChannelEnd(problem: problem.raw, thrown: nil)
    }
}
