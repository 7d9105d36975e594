import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Guards one request within the scope. Takes the token off where it is redirected to where it may not go; once it has left the scope, the
/// request stays without it. Keeps its answers out of the cache.
final class RedirectGuard: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let scope: TokenScope
    /// `nil` if the request has no token of ours.
    private let authorization: String?
    private let cachePolicy: URLRequest.CachePolicy
    private let lock = NSLock()
    private var left = false

    init(_ scope: TokenScope, _ token: AccessToken?, _ cachePolicy: URLRequest.CachePolicy) {
        self.scope = scope
        authorization = token.map { "Bearer \($0.value)" }
        self.cachePolicy = cachePolicy
    }

    /// Whether the answer is to a request without the token.
    var hasLeft: Bool { lock.withLock { left } }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(guarded(request))
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, willCacheResponse proposedResponse: CachedURLResponse,
        completionHandler: @escaping (CachedURLResponse?) -> Void
    ) {
        completionHandler(nil)
    }

    /// The request as it may be sent. Some systems take the header off each redirect, others off none.
    private func guarded(_ request: URLRequest) -> URLRequest {
        var request = request
        let stays = lock.withLock {
            if request.url.map(scope.contains) != true { left = true }
            return !left
        }
        if let authorization { request.setValue(stays ? authorization : nil, forHTTPHeaderField: authorizationField) }
        request.cachePolicy = cachePolicy
        return request
    }
}
