import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

extension Session {
    /// Puts an access token on a request of the app's own, as `Authorization: Bearer …`; waits for a refresh if one is needed.
    ///
    /// The request stays as it is if it goes elsewhere than to the scope, if it has an `Authorization` of its own, or if this session was
    /// signed out. Otherwise it does not read the URL cache either, unless its `cachePolicy` says how: a cache goes by URL, not by user.
    ///
    /// A redirect can take the header elsewhere, and nobody answers a 401. ``data(for:using:within:)`` sees to both.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - scope: Where the token may go; `nil` for this session's host, below its base path.
    /// - Returns: The token that the request has now, for ``replaceRejectedToken(_:)``; `nil` if the request stays as it is.
    /// - Throws: ``AuthError`` if the session is signed in, but there is no usable token now: such as ``AuthError/network(_:correlationId:)``,
    ///   or ``AuthError/sessionEnded(correlationId:)`` once the host has ended it.
    @discardableResult
    public func authorize(_ request: inout URLRequest, within scope: TokenScope? = nil) async throws -> AccessToken? {
        guard request.value(forHTTPHeaderField: authorizationField) == nil, let url = request.url,
            (scope ?? ownScope)?.contains(url) == true
        else { return nil }
        do {
            let token = try await accessToken()
            request.put(token)
            return token
        } catch AuthError.notSignedIn, AuthError.sessionReplaced {
            return nil
        }
    }

    /// Sends a request of the app's own with an access token, and once more with another one if the host rejects the first.
    ///
    /// - Where the token goes, and when the request goes without one: as ``authorize(_:within:)`` says. After a redirect the token goes
    ///   on within the scope only, and never comes back once it was left.
    /// - After a 401 to our token it is refreshed, once for all requests that wait, and the request is sent once more with the new one. It is
    ///   not sent again if its body is a stream, if the token was just issued, or if the session has ended; then the 401 is the caller's.
    ///   A second 401 is the caller's too. It is never sent again as another user.
    /// - Cancelling the task ends the wait and the request, and throws `CancellationError`. A refresh that has begun goes on.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - urlSession: What sends it. Redirects are decided here and not by its delegate; on Linux, its delegate takes
    ///     no part at all. If it has a cache, answers are stored there: give each user
    ///     one of their own, or none.
    ///   - scope: Where the token may go; `nil` for this session's host, below its base path.
    /// - Throws: ``AuthError`` if the session is kept, but there is no usable token now, and what `urlSession` throws.
    public func data(
        for request: URLRequest, using urlSession: URLSession = .shared, within scope: TokenScope? = nil
    ) async throws -> (Data, URLResponse) {
        let scope = scope ?? ownScope
        var first = request
        guard let scope, let token = try await authorize(&first, within: scope) else {
            return try await answer(to: request, urlSession, nil)
        }
        let guarded = RedirectGuard(scope, token)
        let (data, response) = try await answer(to: first, urlSession, guarded)
        guard (response as? HTTPURLResponse)?.statusCode == 401, !guarded.hasLeft,
            // Also where the request cannot be sent again: the next one should go through.
            let newer = try await replacement(of: token), request.httpBodyStream == nil
        else { return (data, response) }
        var second = first
        second.put(newer)
        return try await answer(to: second, urlSession, RedirectGuard(scope, newer))
    }

    /// The token for one more attempt; `nil` if another attempt is of no use.
    private func replacement(of rejected: AccessToken) async throws -> AccessToken? {
        do {
            let newer = try await replaceRejectedToken(rejected)
            return newer == rejected ? nil : newer
        } catch let error as AuthError where error.recovery == .signInAgain {
            return nil
        }
    }

    private func answer(
        to request: URLRequest, _ urlSession: URLSession, _ guarded: RedirectGuard?
    ) async throws -> (Data, URLResponse) {
        do {
            guard let guarded else { return try await urlSession.data(for: request) }
            #if canImport(FoundationNetworking)
                return try await GuardedExchange.data(for: request, as: urlSession, guarded)
            #else
                return try await urlSession.data(for: request, delegate: guarded)
            #endif
        } catch let error as URLError where error.code == .cancelled && Task.isCancelled {
            throw CancellationError()
        }
    }
}

let authorizationField = "Authorization"

extension URLRequest {
    fileprivate mutating func put(_ token: AccessToken) {
        setValue("Bearer \(token.value)", forHTTPHeaderField: authorizationField)
        if cachePolicy == .useProtocolCachePolicy { cachePolicy = .reloadIgnoringLocalCacheData }
    }
}
