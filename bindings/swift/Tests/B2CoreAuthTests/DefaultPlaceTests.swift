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

    /// What Apple's systems do with the folder has not been run on a device: here is what they are asked for.
    func testItsFolderIsInNoBackupAndProtectedBeforeAnythingIsInIt() throws {
        let place = DefaultPlace(data: try folder().appendingPathComponent("new/share"), program: "acme")
        let files = Files()
        _ = try StoreChoice.file().raw(place: { place }, files: files)
        let folder = URL(fileURLWithPath: try place.path()).deletingLastPathComponent().path
        XCTAssertEqual(files.calls, ["no backup: \(folder), empty", "from the first unlock on: \(folder), empty"])
        let attributes = try FileManager.default.attributesOfItem(atPath: folder)
        XCTAssertEqual((attributes[.posixPermissions] as? NSNumber)?.intValue, 0o700)
        // A folder of the app's own is the app's affair.
        _ = try StoreChoice.file(path: "/elsewhere/store").raw(place: { place }, files: files)
        XCTAssertEqual(files.calls.count, 2)
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

/// Remembers what is asked for, and whether the folder was there and empty then.
private final class Files: StoredFiles, @unchecked Sendable {
    private(set) var calls: [String] = []

    func keepFromBackups(_ url: URL) { add("no backup", url) }
    func protectUntilFirstUnlock(_ url: URL) { add("from the first unlock on", url) }
    func protectNever(_ url: URL) { add("at any time", url) }

    private func add(_ call: String, _ url: URL) {
        let content = try? FileManager.default.contentsOfDirectory(atPath: url.path)
        calls.append("\(call): \(url.path), \(content.map { $0.isEmpty ? "empty" : "full" } ?? "not there")")
    }
}
