import B2CoreAuth
import XCTest

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Where the token goes, and where it does not.
final class RequestOriginTests: XCTestCase {
    func testTheTokenGoesToItsOwnOriginOnly() async throws {
        let (scene, other) = (try await Scene(), try Api())
        let own = try await scene.get("/orders")
        XCTAssertEqual(own, 200)
        let foreign = try await scene.status(other.url("/orders"))
        XCTAssertEqual(foreign, 401)
        let token = try await scene.token()
        XCTAssertEqual(scene.api.tokens("/orders"), [token])
        XCTAssertEqual(other.tokens("/orders"), [nil])
        // The same server by another name.
        let byName = try await scene.status(scene.api.url("/by-name", host: "localhost"))
        XCTAssertEqual(byName, 401)
        XCTAssertEqual(scene.api.tokens("/by-name"), [nil])
    }

    func testTheScopeIsTheSessionsHostUnlessItIsGiven() async throws {
        let (host, other) = (try Host { $0.basePath = "/broker" }, try Api())
        let session = try await host.signIn(host.client())
        XCTAssertEqual(session.host, host.host)
        let own = try await session.data(for: URLRequest(url: host.protectedUrl))
        XCTAssertEqual(Scene.status(own), 200)
        for elsewhere in [host.host.replacingOccurrences(of: "/broker", with: "/other"), other.url("/broker/x")] {
            var request = URLRequest(url: try XCTUnwrap(URL(string: elsewhere)))
            let token = try await session.authorize(&request)
            XCTAssertNil(token)
            XCTAssertNil(request.value(forHTTPHeaderField: "Authorization"))
        }
    }

    func testTheTokenGoesBelowTheBasePathOnly() async throws {
        let scene = try await Scene(path: "/tenant-a")
        let below = try await scene.get("/tenant-a/orders")
        XCTAssertEqual(below, 200)
        for path in ["/tenant-b", "/tenant-ab", "/", "/tenant-a%2f..%2ftenant-b", "/tenant-a/..;/tenant-b"] {
            let status = try await scene.get(path)
            XCTAssertEqual(status, 401, path)
            XCTAssertEqual(scene.api.tokens(path), [nil], path)
        }
    }

    func testFurtherBaseUrlsGetTheToken() async throws {
        let (scene, other) = (try await Scene(), try Api())
        let wider = try TokenScope(scene.api.url(), other.url("/v2"))
        for (path, wanted) in [("/v2/orders", 200), ("/v1/orders", 401)] {
            let request = URLRequest(url: try XCTUnwrap(URL(string: other.url(path))))
            let answer = try await scene.session.data(for: request, within: wider)
            XCTAssertEqual(Scene.status(answer), wanted)
        }
    }

    func testTheCallersOwnAuthorizationIsUntouched() async throws {
        let scene = try await Scene()
        scene.ageToken()
        scene.api.rejectAll()
        let token = try await scene.token()
        // Also if it looks like ours.
        for (path, own) in [("/mine", "Basic bWluZQ=="), ("/same", "Bearer " + token)] {
            let status = try await scene.get(path) { $0.setValue(own, forHTTPHeaderField: "authorization") }
            XCTAssertEqual(status, 401)
            XCTAssertEqual(scene.api.seen.filter { $0.path == path }.map(\.authorization), [own])
        }
        XCTAssertEqual(scene.refreshes, 0)
    }

    func testAnAuthorizationOfTheCallersSessionIsUntouched() async throws {
        let scene = try await Scene()
        scene.ageToken()
        scene.api.rejectAll()
        let request = URLRequest(url: try XCTUnwrap(URL(string: scene.api.url("/mine"))))
        for (name, wanted) in [
            ("authorization", "Basic bWluZQ=="), ("AUTHORIZATION", "Basic bWluZQ=="), ("X-Other", nil),
        ] {
            let configuration = URLSessionConfiguration.ephemeral
            configuration.httpAdditionalHeaders = [name: "Basic bWluZQ=="]
            let own = URLSession(configuration: configuration)
            defer { own.invalidateAndCancel() }
            let answer = try await scene.session.data(for: request, using: own, within: scene.scope)
            XCTAssertEqual(Scene.status(answer), 401)
            let token = try await scene.token()
            XCTAssertEqual(scene.api.seen.last?.authorization, wanted ?? "Bearer \(token)", name)
        }
        XCTAssertEqual(scene.refreshes, 1)
    }

    func testAUrlThatOthersCouldReadDifferentlyGetsNoToken() throws {
        let scope = try TokenScope("https://broker.example", "https://[2001:db8::1]/a")
        let inside = [
            "https://broker.example", "HTTPS://Broker.Example/x?y#z", "https://broker.example:443/",
            "wss://broker.example/live",
            "https://broker.example?x", "https://[2001:db8::1]/a/b", "https://[2001:db8:0:0:0:0:0:1]:443/a",
        ]
        let outside = [
            "http://broker.example", "https://broker.example:8443", "https://broker.example.",
            "https://broker.example:/",
            "https://user@broker.example", "https://user:password@broker.example",
            "https://broker.example@evil.example",
            "https://evil.example/https://broker.example", "https://evil.example#@broker.example",
            "https://broker.example:99999",
            "https://broker%2eexample", "https://[2001:db8::1]/b", "https://[2001:db8::1]/a/../b",
            "ftp://broker.example",
            "file:///broker.example", "broker.example", "//broker.example/x", "data:,x",
            "https://evil.example\\@broker.example",
        ]
        for text in inside { XCTAssertEqual(URL(string: text).map(scope.contains), true, text) }
        for text in outside { XCTAssertNotEqual(URL(string: text).map(scope.contains), true, text) }
        let relative = URL(string: "x", relativeTo: URL(string: "https://broker.example/y/"))
        XCTAssertEqual(relative.map(scope.contains), true)
        XCTAssertEqual("\(scope)", "TokenScope(https://broker.example, https://[2001:db8::1]/a)")
        for text in ["", "http://broker.example", "https://h?x", "broker.example"] {
            XCTAssertThrowsError(try TokenScope(text)) { error in
                guard case AuthError.setup = error else { return XCTFail("\(error)") }
            }
        }
    }
}
