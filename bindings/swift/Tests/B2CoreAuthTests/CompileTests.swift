import B2CoreAuth
import XCTest

/// What does not compile, and what does.
final class CompileTests: AuthTestCase {
    func testIllegalStepsDoNotCompile() throws {
        let illegal = [
            "func a(_ s: StartStep) async throws { _ = try await s.submit(code: \"1\") }",
            "func b(_ s: CredentialsStep) async throws { _ = try await s.submit(code: \"1\") }",
            "func c(_ s: CredentialsStep) async throws { _ = try await s.choose(.sms) }",
            "func d(_ s: ChooseMethodStep) async throws { _ = try await s.submit(code: \"1\") }",
            "func e(_ s: CodeStep) async throws { _ = try await s.submit(password: \"1\") }",
            "func f(_ s: MailedCodeStep) async throws { _ = try await s.choose(.sms) }",
            "func g(_ s: ResetCodeStep) async throws { _ = try await s.submit(password: \"1\") }",
            "func h(_ s: NewPasswordStep) async throws { _ = try await s.submit(code: \"1\") }",
            "func i(_ s: SignInStep) async throws { _ = try await s.submit(code: \"1\") }",
            "func j(_ s: SignInStep) -> Bool { switch s { case .signedIn: true } }",
            "func k(_ s: SignInStep) async throws { if case .unsupported(let s) = s { _ = try await s.open() } }",
            "func l(_ s: Session) async throws { _ = try await s.submit(code: \"1\") }",
        ]
        let result = try compile("import B2CoreAuth\n" + illegal.joined(separator: "\n"))
        XCTAssertNotEqual(result.status, 0)
        for (index, line) in illegal.enumerated() {
            let error = result.output.contains("snippet.swift:\(index + 2):")
            XCTAssertTrue(error, "it compiles: \(line)\n\(result.output)")
        }
        XCTAssertTrue(result.output.contains("value of type 'StartStep' has no member 'submit'"), result.output)
        XCTAssertTrue(result.output.contains("switch must be exhaustive"), result.output)
    }

    func testLegalStepsCompile() throws {
        let legal = """
            import B2CoreAuth
            func next(_ step: SignInStep) async throws -> SignInStep {
                switch step {
                case .start(let s): try await s.open()
                case .credentials(let s): try await s.submit(email: "e", password: "p")
                case .chooseMethod(let s): try await s.choose(s.options[0].method)
                case .code(let s): s.methods == [.sms] ? try await s.choose(.sms) : try await s.submit(code: "1")
                case .mailedCode(let s): try await s.submit(code: "1")
                case .resetCode(let s): try await s.submit(code: "1")
                case .newPassword(let s): try await s.submit(password: "p")
                case .signedIn, .unsupported: step
                }
            }
            """
        let result = try compile(legal)
        XCTAssertEqual(result.status, 0, result.output)
        XCTAssertEqual(result.output, "")
    }

    func testReadmeExamplesCompile() throws {
        let readme = try String(contentsOf: Places.package.appendingPathComponent("README.md"), encoding: .utf8)
        let examples = readme.components(separatedBy: "```swift\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
        XCTAssertEqual(examples.count, 3)
        for example in examples {
            let result = try compile(example)
            XCTAssertEqual(result.status, 0, result.output)
            XCTAssertEqual(result.output, "")
        }
    }
}
