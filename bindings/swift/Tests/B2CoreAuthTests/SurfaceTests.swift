import XCTest

/// What a program outside of the package sees: the layer's own types, and nothing that is generated.
final class SurfaceTests: AuthTestCase {
    func testNothingGeneratedIsVisibleFromOutside() throws {
        let hidden = [
            // Handles, and objects without one, which crash.
            "let a1 = HttpResponse(noHandle: .init())",
            "let a2 = Session(noHandle: .init())",
            "let a3 = StartStep(unsafeFromHandle: 1)",
            "func a4(_ client: AuthClient) { _ = client.uniffiCloneHandle() }",
            "func a5(_ step: StartStep) { _ = step.uniffiCloneHandle() }",
            "func a6(_ session: Session) { _ = session.raw }",
            "let a7 = CancelToken()",
            "let a8 = ClientConfig(host: \"\")",
            "let a9 = uniffiForeignFutureHandleCountAuth()",
            "let a10 = FfiConverterTypeOffice.self",
            "let a11: Raw.Office? = nil",
            "let a12: B2CoreAuthGenerated.Office? = nil",
            "func a13(_ step: StartStep) async throws { _ = try await step.open(cancel: nil) }",
        ]
        let layer = "import B2CoreAuth"
        for imports in [layer, "import B2CoreAuthGenerated", "\(layer); import B2CoreAuthGenerated"] {
            let result = try compile("\(imports)\n\(hidden.joined(separator: "\n"))")
            for (index, line) in hidden.enumerated() {
                let isRefused = result.output.contains("snippet.swift:\(index + 2):")
                XCTAssertTrue(isRefused, "it compiles: \(imports); \(line)\n\(result.output)")
            }
        }
    }

    func testWhatIsHiddenIsHiddenByItsAccess() throws {
        let result = try compile("import B2CoreAuthGenerated\nlet a = Office.front")
        XCTAssertTrue(result.output.contains("cannot find 'Office' in scope"), result.output)
        let clash = "import B2CoreAuth\nimport B2CoreAuthGenerated\nlet a: Office = .front"
        let both = try compile(clash)
        XCTAssertEqual(both.output, "", "the generated names do not clash with the layer's")
    }

    /// The list of the public API is what autocompletion shows.
    func testTheListedApiNamesNothingGenerated() throws {
        let lines: [Substring] = try PublicApi.lines("swift.txt") + PublicApi.lines("swift-testing.txt")
        XCTAssertGreaterThan(lines.count, 300)
        XCTAssertEqual(lines.filter { $0.contains("Generated") || $0.lowercased().contains("uniffi") }, [])
    }
}
