import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Takes the token off a request that is redirected to where it may not go. Once it has left the scope, the request stays without it.
final class RedirectGuard: NSObject, URLSessionTaskDelegate, @unchecked Sendable {
    private let scope: TokenScope
    private let authorization: String
    private let lock = NSLock()
    private var left = false

    init(_ scope: TokenScope, _ token: AccessToken) {
        self.scope = scope
        authorization = "Bearer \(token.value)"
    }

    /// Whether the answer is to a request without the token.
    var hasLeft: Bool { lock.withLock { left } }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(guarded(request))
    }

    /// The request as it may be sent. Some systems take the header off each redirect, others off none.
    private func guarded(_ request: URLRequest) -> URLRequest {
        var request = request
        let stays = lock.withLock {
            if request.url.map(scope.contains) != true { left = true }
            return !left
        }
        request.setValue(stays ? authorization : nil, forHTTPHeaderField: authorizationField)
        return request
    }
}
