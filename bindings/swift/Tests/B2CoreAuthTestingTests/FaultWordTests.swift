import B2CoreAuthTesting
import XCTest

/// What the README says about faults is so.
final class FaultWordTests: XCTestCase {
    func testEveryWordOfAFaultIsOne() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../README.md")
        let readme = try String(contentsOf: file, encoding: .utf8)
        let table = readme.components(separatedBy: "| of a fault | words |")[1].components(separatedBy: "\n\n")[0]
        let rows = table.components(separatedBy: "\n").filter { $0.contains("`") }.map { row in
            // Every other part is between backquotes.
            row.components(separatedBy: "`").enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
        }
        let (endpoints, acts) = (rows[0], rows.dropFirst().joined())
        let sandbox = try Sandbox()
        for endpoint in endpoints { try sandbox.fault("\(endpoint):drop=before") }
        for act in acts { try sandbox.fault("any:\(act)") }
        XCTAssertEqual(sandbox.faults.count, 18 + 15)
        let refusal = try mistaken { try sandbox.fault("nowhere:drop=after") }.problem
        let known = refusal.components(separatedBy: "there are ")[1].replacingOccurrences(of: " and ", with: ", ")
        for endpoint in known.components(separatedBy: ", ") { XCTAssertTrue(endpoints.contains(endpoint), endpoint) }
    }
}
