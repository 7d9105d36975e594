import XCTest

@testable import B2CoreAuth

/// Where a file store is if nobody says where.
final class DefaultPlaceTests: AuthTestCase {
    private func path(_ environment: [String: String]) throws -> String {
        try DefaultPlace(data: DefaultPlace.xdgData(environment), program: "acme").path()
    }

    func testItIsInTheUsersDataFolderByTheProgramsName() throws {
        XCTAssertEqual(try path(["HOME": "/home/ann"]), "/home/ann/.local/share/acme/B2CoreAuth/store")
        XCTAssertEqual(try path(["HOME": "/home/ann", "XDG_DATA_HOME": "/data"]), "/data/acme/B2CoreAuth/store")
        // The working directory of an app can be anything, such as `/`.
        for relative in ["", "data"] {
            let environment = ["HOME": "/home/ann", "XDG_DATA_HOME": relative]
            XCTAssertEqual(try path(environment), "/home/ann/.local/share/acme/B2CoreAuth/store")
        }
    }

    func testWithoutAHomeAPathIsRequired() {
        for environment in [[:], ["HOME": ""], ["HOME": "home"]] {
            XCTAssertThrowsError(try path(environment)) { error in
                guard let error = error as? AuthError, case .setup = error else { return XCTFail("\(error)") }
            }
        }
    }

    func testAStoreIsMadeThere() async throws {
        let sandbox = try sandbox()
        let home = try folder()
        let place = DefaultPlace(data: home.appendingPathComponent("new/share"), program: "acme")
        let client = try AuthClient(host: sandbox.host, store: .file(path: place.path()))
        let session = try await client.signedIn()
        let again = try await AuthClient(host: sandbox.host, store: .file(path: place.path())).session(.front)
        XCTAssertEqual(again, session)
        let attributes = try FileManager.default.attributesOfItem(atPath: place.path())
        XCTAssertEqual((attributes[.posixPermissions] as? NSNumber)?.intValue, 0o600)
    }
}
