import XCTest

@testable import B2CoreAuth

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What a URL cache gives, which goes by URL and not by user.
final class RequestCacheTests: XCTestCase {
    func testNoAnswerOfAnotherUserComesFromACache() async throws {
        let (scene, cached) = (try await Scene(), cachingSession())
        let other = try await scene.host.signIn(scene.host.client(), as: Host.sms)
        try await fill(cached, scene)
        for session in [scene.session, other, scene.session] {
            let answer = try await session.data(for: request(scene), using: cached, within: scene.scope)
            XCTAssertEqual(Scene.status(answer), 200)
        }
        XCTAssertEqual(scene.api.seen.count, 3)
        XCTAssertEqual(Set(scene.api.tokens("/mine")).count, 2)
        // The caller's own policy stays.
        var own = try request(scene)
        own.cachePolicy = .returnCacheDataElseLoad
        try await scene.session.authorize(&own, within: scene.scope)
        XCTAssertEqual(own.cachePolicy, .returnCacheDataElseLoad)
    }

    func testAfterASignOutNoAnswerComesFromACache() async throws {
        let (scene, cached) = (try await Scene(), cachingSession())
        try await fill(cached, scene)
        try await scene.client.signOut(.front)
        // With a policy of the request's own, caches are the caller's affair.
        var own = try request(scene)
        own.cachePolicy = .returnCacheDataElseLoad
        let previous = try await scene.session.data(for: own, using: cached, within: scene.scope)
        XCTAssertEqual(String(decoding: previous.0, as: UTF8.self), "previous")
        let answer = try await scene.session.data(for: request(scene), using: cached, within: scene.scope)
        XCTAssertEqual(Scene.status(answer), 401)
        XCTAssertEqual(scene.api.tokens("/mine"), [nil])
        // The cache itself stays as it is.
        let others = try await cached.data(for: request(scene))
        XCTAssertEqual(String(decoding: others.0, as: UTF8.self), "previous")
        let authorized = try await scene.session.authorized(request(scene), within: scene.scope)
        XCTAssertEqual(authorized.cachePolicy, .reloadIgnoringLocalCacheData)
        // Elsewhere caches are the caller's affair.
        let elsewhere = try await scene.session.authorized(request(scene))
        XCTAssertEqual(elsewhere.cachePolicy, .useProtocolCachePolicy)
    }

    /// Foundation on Linux stores no answer to a request with an `Authorization` anyway, so the delegate is asked itself.
    func testAnAnswerToATokenIsNotStored() throws {
        let url = try XCTUnwrap(URL(string: "https://broker.example"))
        let session = cachingSession()
        let guarded = try RedirectGuard(TokenScope("https://broker.example"), AccessToken("a"), .useProtocolCachePolicy)
        let response = CachedURLResponse(
            response: URLResponse(url: url, mimeType: nil, expectedContentLength: 0, textEncodingName: nil),
            data: Data())
        let delegate: any URLSessionDataDelegate = guarded
        let asked = expectation(description: "it is asked")
        delegate.urlSession(session, dataTask: session.dataTask(with: url), willCacheResponse: response) {
            XCTAssertNil($0)
            asked.fulfill()
        }
        wait(for: [asked], timeout: 0)
    }

    private func request(_ scene: Scene, _ path: String = "/mine") throws -> URLRequest {
        URLRequest(url: try XCTUnwrap(URL(string: scene.api.url(path))))
    }

    private func cachingSession() -> URLSession {
        let configuration = URLSessionConfiguration.default
        configuration.urlCache = URLCache(memoryCapacity: 1 << 20, diskCapacity: 0, diskPath: nil)
        let session = URLSession(configuration: configuration)
        addTeardownBlock { session.invalidateAndCancel() }
        return session
    }

    /// Puts the answer to a previous user into the cache, and shows that the cache gives it to anybody who asks.
    private func fill(_ cached: URLSession, _ scene: Scene) async throws {
        let request = try request(scene)
        let fields = ["Date": Api.date(Date()), "Cache-Control": "max-age=3600", "Content-Length": "8"]
        let head = try XCTUnwrap(
            HTTPURLResponse(
                url: XCTUnwrap(request.url), statusCode: 200, httpVersion: "HTTP/1.1", headerFields: fields))
        let previous = CachedURLResponse(response: head, data: Data("previous".utf8))
        cached.configuration.urlCache?.storeCachedResponse(previous, for: request)
        let answer = try await cached.data(for: request)
        XCTAssertEqual(String(decoding: answer.0, as: UTF8.self), "previous", "the cache does not work")
        XCTAssertEqual(scene.api.seen.count, 0)
    }
}
