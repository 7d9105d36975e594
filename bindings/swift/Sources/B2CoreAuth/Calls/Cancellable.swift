/// Makes a call that ends when its task is cancelled.
///
/// Cancelling a task does not reach Rust, so every call gets a cancel token of its own. The token is latched: a task that
/// was cancelled before the call began sends nothing. Rust decides whether the result or the cancel was first, so the call
/// always ends with one of the two.
///
/// This is why calls throw untyped: a cancelled call throws `CancellationError`, as everywhere in Swift, and all other
/// errors are an ``AuthError``.
func cancellable<T: Sendable>(
    _ call: @Sendable (Raw.CancelToken) async throws -> T
) async throws -> T {
    let token = Raw.CancelToken()
    return try await withTaskCancellationHandler {
        try await translated { try await call(token) }
    } onCancel: {
        token.cancel()
    }
}

/// Makes a call whose errors are an ``AuthError`` or `CancellationError`.
func translated<T>(_ call: () async throws -> T) async throws -> T {
    do {
        return try await call()
    } catch {
        throw AuthError.of(error) ?? CancellationError()
    }
}

/// Makes a call that does not wait, and so cannot be cancelled.
func checked<T>(_ call: () throws -> T) throws(AuthError) -> T {
    do {
        return try call()
    } catch {
        throw AuthError.of(error) ?? .defect
    }
}
