import B2CoreAuthGenerated

/// Makes a call that ends when its task is cancelled.
///
/// Cancelling a task does not reach Rust, so every call gets a cancel token of its own. The token is latched: a task that
/// was cancelled before the call began sends nothing. Rust decides whether the result or the cancel was first, so the call
/// always ends with one of the two.
///
/// This is why calls throw untyped: a cancelled call throws `CancellationError`, as everywhere in Swift, and all other
/// errors are an ``AuthError``.
package func cancellable<T: Sendable>(
    _ call: @Sendable (CancelToken) async throws -> T
) async throws -> T {
    let token = CancelToken()
    return try await withTaskCancellationHandler {
        do {
            return try await call(token)
        } catch AuthError.Cancelled {
            throw CancellationError()
        }
    } onCancel: {
        token.cancel()
    }
}
