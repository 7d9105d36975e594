import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

extension Session {
    /// Puts an access token on a request of the app's own, as `Authorization: Bearer …`; waits for a refresh if one is needed.
    ///
    /// The request stays as it is if it goes elsewhere than to the scope. Within the scope it does not read the URL cache, unless its
    /// `cachePolicy` says how: a cache goes by URL, not by user. It gets no token if it has an `Authorization` of its own, or if this
    /// session was signed out.
    ///
    /// A redirect can take the header elsewhere, and nobody answers a 401. ``data(for:using:within:)`` sees to both.
    ///
    /// - Parameters:
    ///   - request: The request. One that is a property of an actor cannot be passed so: ``authorized(_:within:)`` takes it.
    ///   - scope: Where the token may go; `nil` for this session's host, below its base path.
    /// - Returns: The token that the request has now, for ``replaceRejectedToken(_:)``; `nil` if it got none.
    /// - Throws: ``AuthError`` if the session is signed in, but there is no usable token now: such as ``AuthError/network(_:correlationId:cause:)``,
    ///   or ``AuthError/sessionEnded(correlationId:)`` once the host has ended it.
    @discardableResult
    public func authorize(_ request: inout URLRequest, within scope: TokenScope? = nil) async throws -> AccessToken? {
        guard let url = request.url, (scope ?? ownScope)?.contains(url) == true else { return nil }
        // Also without a token: what is cached can be the answer to another user, who has signed out.
        request.skipCache()
        guard request.value(forHTTPHeaderField: authorizationField) == nil else { return nil }
        do {
            let token = try await accessToken()
            request.put(token)
            return token
        } catch AuthError.notSignedIn, AuthError.sessionReplaced {
            return nil
        }
    }

    /// This request with an access token, as ``authorize(_:within:)`` puts one on; the same request if that leaves it as it is.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - scope: Where the token may go; `nil` for this session's host, below its base path.
    /// - Throws: ``AuthError`` if the session is signed in, but there is no usable token now.
    public func authorized(_ request: URLRequest, within scope: TokenScope? = nil) async throws -> URLRequest {
        var request = request
        try await authorize(&request, within: scope)
        return request
    }

    /// Sends a request of the app's own with an access token, and once more with another one if the host rejects the first.
    ///
    /// - Where the token goes, and when the request goes without one: as ``authorize(_:within:)`` says. An `Authorization` among the
    ///   `httpAdditionalHeaders` of `urlSession` counts as the request's own. After a redirect the token goes on within the scope only, and
    ///   never comes back once it was left.
    /// - After a 401 to our token it is refreshed, once for all requests that wait, and the request is sent once more with the new one. It is
    ///   not sent again if its body is a stream, if the token was just issued, or if the session has ended; then the 401 is the caller's.
    ///   A second 401 is the caller's too. It is never sent again as another user.
    /// - What is answered within the scope is not stored in the URL cache, unless the `cachePolicy` of the request says how to use it and
    ///   there is no token of ours.
    /// - Cancelling the task ends the wait and the request, and throws `CancellationError`. A refresh that has begun goes on.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - urlSession: What sends it. Redirects are decided here and not by its delegate. On Linux, its delegate takes no part at all, and
    ///     the request is not ended by invalidating it.
    ///   - scope: Where the token may go; `nil` for this session's host, below its base path.
    /// - Throws: ``AuthError`` if the session is kept, but there is no usable token now, and what `urlSession` throws.
    public func data(
        for request: URLRequest, using urlSession: URLSession = .shared, within scope: TokenScope? = nil
    ) async throws -> (Data, URLResponse) {
        guard let scope = scope ?? ownScope, request.url.map(scope.contains) == true else {
            return try await urlSession.answer(to: request, nil)
        }
        var first = request
        first.skipCache()
        // A header of the request would take the place of the caller's for all requests.
        let token = urlSession.hasAuthorization ? nil : try await authorize(&first, within: scope)
        let guarded = RedirectGuard(scope, token, first.cachePolicy)
        guard let token else {
            let isCallersAffair = first.cachePolicy != .reloadIgnoringLocalCacheData
            return try await urlSession.answer(to: first, isCallersAffair ? nil : guarded)
        }
        let (data, response) = try await urlSession.answer(to: first, guarded)
        guard (response as? HTTPURLResponse)?.statusCode == 401, !guarded.hasLeft,
            // Also where the request cannot be sent again: the next one should go through.
            let newer = try await replacement(of: token), request.httpBodyStream == nil
        else { return (data, response) }
        var second = first
        second.put(newer)
        return try await urlSession.answer(to: second, RedirectGuard(scope, newer, second.cachePolicy))
    }

    /// The token for one more attempt; `nil` if another attempt is of no use.
    private func replacement(of rejected: AccessToken) async throws -> AccessToken? {
        do {
            let newer = try await replaceRejectedToken(rejected)
            return newer == rejected ? nil : newer
        } catch let error as AuthError where [.signInAgain, .reload].contains(error.recovery) {
            return nil
        }
    }
}

let authorizationField = "Authorization"

extension URLRequest {
    fileprivate mutating func put(_ token: AccessToken) {
        setValue("Bearer \(token.value)", forHTTPHeaderField: authorizationField)
    }

    /// Unless the caller has said how caches are used.
    fileprivate mutating func skipCache() {
        if cachePolicy == .useProtocolCachePolicy { cachePolicy = .reloadIgnoringLocalCacheData }
    }
}

extension URLSession {
    /// Whether its requests have an `Authorization` of the caller's, whatever case its name is written in.
    fileprivate var hasAuthorization: Bool {
        (configuration.httpAdditionalHeaders ?? [:]).keys.contains {
            ($0 as? String)?.caseInsensitiveCompare(authorizationField) == .orderedSame
        }
    }

    /// The answer to this request, which somebody guards or nobody.
    fileprivate func answer(to request: URLRequest, _ guarded: RedirectGuard?) async throws -> (Data, URLResponse) {
        do {
            guard let guarded else { return try await data(for: request) }
            #if canImport(FoundationNetworking)
                return try await GuardedExchange.data(for: request, as: self, guarded)
            #else
                return try await data(for: request, delegate: guarded)
            #endif
        } catch let error as URLError where error.code == .cancelled && Task.isCancelled {
            throw CancellationError()
        }
    }
}
