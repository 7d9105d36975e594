import B2CoreAuth
import XCTest

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What a redirect takes along, and what it does not.
final class RequestRedirectTests: XCTestCase {
    func testARedirectToAnotherOriginLosesTheToken() async throws {
        let (scene, other) = (try await Scene(), try Api())
        scene.ageToken()
        let token = try await scene.token()
        scene.api.redirect("/away", to: other.url("/trap"))
        let away = try await scene.text("/away")
        XCTAssertEqual(away, "401 /trap")
        XCTAssertEqual(scene.api.tokens("/away"), [token])
        XCTAssertEqual(other.tokens("/trap"), [nil])
        XCTAssertEqual(scene.refreshes, 0)
        // It does not come back with the request either.
        other.redirect("/back", to: scene.api.url("/home"))
        scene.api.redirect("/round", to: other.url("/back"))
        let back = try await scene.text("/round")
        XCTAssertEqual(back, "401 /home")
        XCTAssertEqual(scene.api.tokens("/home"), [nil])
        XCTAssertEqual(scene.refreshes, 0)
    }

    func testARedirectToAnotherBasePathLosesTheToken() async throws {
        let scene = try await Scene(path: "/tenant-a")
        scene.ageToken()
        scene.api.redirect("/tenant-a/away", to: scene.api.url("/tenant-b"))
        scene.api.redirect("/tenant-a/near", to: scene.api.url("/tenant-a/orders"))
        let away = try await scene.text("/tenant-a/away")
        XCTAssertEqual(away, "401 /tenant-b")
        XCTAssertEqual(scene.api.tokens("/tenant-b"), [nil])
        let near = try await scene.text("/tenant-a/near")
        XCTAssertEqual(near, "200 /tenant-a/orders")
        XCTAssertEqual(scene.refreshes, 0)
    }

    func testA307WithinTheScopeTakesMethodAndTokenAlong() async throws {
        let scene = try await Scene(path: "/tenant-a")
        let token = try await scene.token()
        scene.api.redirect("/tenant-a/old", to: scene.api.url("/tenant-a/new"), status: 307)
        let answer = try await scene.text("/tenant-a/old", buy)
        XCTAssertEqual(answer, "200 /tenant-a/new")
        XCTAssertEqual(scene.api.seen.map(\.method), ["POST", "POST"])
        XCTAssertEqual(scene.api.seen.map(\.body), ["buy", redirectedBody])
        XCTAssertEqual(scene.api.seen.map(\.authorization), Array(repeating: "Bearer \(token)", count: 2))
    }

    func testA307OutOfTheScopeTakesTheMethodAlongAndNotTheToken() async throws {
        let (scene, other) = (try await Scene(), try Api())
        let token = try await scene.token()
        scene.api.redirect("/old", to: other.url("/trap"), status: 307)
        let answer = try await scene.text("/old", buy)
        XCTAssertEqual(answer, "401 /trap")
        XCTAssertEqual(scene.api.tokens("/old"), [token])
        XCTAssertEqual(other.seen.map(\.method), ["POST"])
        XCTAssertEqual(other.seen.map(\.body), [redirectedBody])
        XCTAssertEqual(other.tokens("/trap"), [nil])
    }

    func testA302OfAPostIsFollowedByAGet() async throws {
        let scene = try await Scene()
        let token = try await scene.token()
        scene.api.redirect("/old", to: scene.api.url("/new"))
        let answer = try await scene.text("/old", buy)
        XCTAssertEqual(answer, "200 /new")
        XCTAssertEqual(scene.api.seen.map(\.method), ["POST", "GET"])
        XCTAssertEqual(scene.api.seen.map(\.body), ["buy", ""])
        XCTAssertEqual(scene.api.tokens("/new"), [token])
    }

    /// What becomes of a body is Foundation's doing, with our token or without it.
    func testABodyGoesAsFarAsFoundationTakesIt() async throws {
        let api = try Api()
        api.redirect("/old", to: api.url("/new"), status: 307)
        var request = URLRequest(url: try XCTUnwrap(URL(string: api.url("/old"))))
        buy(&request)
        _ = try await URLSession.shared.data(for: request)
        XCTAssertEqual(api.seen.map(\.method), ["POST", "POST"])
        XCTAssertEqual(api.seen.map(\.body), ["buy", redirectedBody])
    }

    /// On Linux, Foundation sends no body to where a request is redirected.
    private var redirectedBody: String {
        #if canImport(FoundationNetworking)
            ""
        #else
            "buy"
        #endif
    }

    private func buy(_ request: inout URLRequest) {
        request.httpMethod = "POST"
        request.httpBody = Data("buy".utf8)
    }
}
