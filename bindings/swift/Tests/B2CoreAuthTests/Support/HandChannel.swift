import B2CoreAuth
import Foundation

/// A live channel in the test's hands.
final class HandChannel: ApprovalChannel, @unchecked Sendable {
    private let lock = NSLock()
    private let coming: AsyncStream<Watch>
    private let watches: AsyncStream<Watch>.Continuation

    init() {
        (coming, watches) = AsyncStream.makeStream()
    }

    func watch(_ subscription: ChannelSubscription, events: ChannelEvents) async -> ChannelProblem {
        let watch = Watch(subscription, events)
        watches.yield(watch)
        try? await watch.over.wait()
        watch.ended.give()
        return watch.result
    }

    /// The next watch that begins; it is subscribed.
    func subscribed() async throws -> Watch {
        let watch = try await begun()
        watch.events.subscribed()
        return watch
    }

    /// The next watch that begins.
    func begun() async throws -> Watch {
        var next = coming.makeAsyncIterator()
        guard let watch = await next.next() else { throw CancellationError() }
        return watch
    }

    final class Watch: @unchecked Sendable {
        let subscription: ChannelSubscription
        let events: ChannelEvents
        /// Given by the test: it cannot go on.
        let over = Signal()
        /// Nobody watches any more.
        let ended = Signal()
        private(set) var result = ChannelProblem.failed

        init(_ subscription: ChannelSubscription, _ events: ChannelEvents) {
            (self.subscription, self.events) = (subscription, events)
        }

        func approve(_ token: String = "token-1") {
            say("approved", #"{"authorizationToken":"\#(token)"}"#)
        }

        func say(_ name: String, _ data: String = "{}") {
            events.message(name: name, data: Data(data.utf8))
        }

        func end(_ problem: ChannelProblem) {
            result = problem
            over.give()
        }
    }
}
