import Foundation

/// Marks a queue, so that code can ask whether it runs there.
///
/// Dispatch does not say on every system that a key can be shared between threads. It is not changed after it was made.
struct QueueMark: @unchecked Sendable {
    let key = DispatchSpecificKey<Bool>()
}
