import XCTest

/// What the first page of the documentation leads to.
final class TopicTests: XCTestCase {
    func testEveryPublicTypeHasATopic() throws {
        let page = Places.package.appendingPathComponent("Sources/B2CoreAuth/B2CoreAuth.docc/B2CoreAuth.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let topics = text.components(separatedBy: "\n").filter { $0.hasPrefix("- ``") }
            .map { $0.dropFirst(4).replacingOccurrences(of: "``", with: "") }
        XCTAssertEqual(topics.count, Set(topics).count, "one is there twice")
        let types = try PublicApi.types(["struct", "enum", "class", "protocol"]).filter { !$0.contains(".") }
        XCTAssertGreaterThan(types.count, 60)
        XCTAssertEqual(types.subtracting(topics), [], "they have no topic")
        XCTAssertEqual(Set(topics.filter { !$0.contains("/") }).subtracting(types), [], "there is no such type")
        let requests = topics.filter { $0.hasPrefix("Session/") }
        XCTAssertEqual(requests.count, 3)
    }
}
