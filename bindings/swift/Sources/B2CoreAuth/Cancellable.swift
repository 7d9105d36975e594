import B2CoreAuthGenerated

/// Makes a call end when its task is cancelled.
///
/// A task's cancel does not reach Rust by itself, so every call gets a token of its own. The token is latched: a task
/// that was cancelled before the call began sends nothing. Rust decides between the result and the cancel, so the
/// outcome is always one of both.
///
/// This is why calls throw untyped: what ends a cancelled call is `CancellationError`, as everywhere in Swift, and
/// everything else is ``AuthError``.
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
