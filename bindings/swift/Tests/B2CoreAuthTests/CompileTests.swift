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

    /// A request that is a stored property of a model: it cannot be passed `inout` to a call that waits.
    func testARequestOfAModelsOwnIsAuthorized() throws {
        func model(_ call: String) -> String {
            """
            import B2CoreAuth
            import Foundation
            #if canImport(FoundationNetworking)
                import FoundationNetworking
            #endif
            @MainActor final class OrdersModel {
                private(set) var request: URLRequest
                private let session: Session
                init(_ request: URLRequest, _ session: Session) { (self.request, self.session) = (request, session) }
                func prepare(_ scope: TokenScope) async throws {
                    \(call)
                }
            }
            """
        }
        let legal = try compile(model("request = try await session.authorized(request, within: scope)"))
        XCTAssertEqual(legal.status, 0, legal.output)
        XCTAssertEqual(legal.output, "")
        let illegal = try compile(model("try await session.authorize(&request, within: scope)"))
        XCTAssertNotEqual(illegal.status, 0)
        XCTAssertTrue(illegal.output.contains("inout"), illegal.output)
    }

    func testReadmeExamplesCompileFromTheMainActor() throws {
        try check(
            "README.md",
            callers: [
                """
                _ = try await signIn(
                    host: "https://broker.example", ask: { [self] in text = $0; return text }, show: { [self] in text = $0 })
                """,
                "await watch(client) { [self] in text = $0 }",
                "text = try await orders(session).map { \"\\($0.count)\" } ?? text",
                """
                let url = URL(fileURLWithPath: text)
                text = try await authorized(url, session) { url, bearer in ("\\(url) \\(bearer as Any)", status: 200) }
                """,
                """
                self.session = try await display(client) { [self] in text = $0 ?? "" } ?? session
                try await approve(session, scanned: text) { [self] question, risks in text = question; return risks.isEmpty }
                """,
                """
                client = try sharedClient(group: text, container: URL(fileURLWithPath: text)) { fault in
                    Task { @MainActor [self] in text = "\\(fault)" }
                }
                """,
                "try await anExpiredTokenIsRefreshed()",
            ])
    }

    func testGettingStartedCompilesFromTheMainActor() throws {
        try check(
            "Sources/B2CoreAuth/B2CoreAuth.docc/GettingStarted.md",
            callers: [
                "client = try Accounts().client",
                """
                let form = SignInForm(client: client)
                await form.submit(email: text, password: text)
                await form.submit(code: text)
                text = form.message ?? "\\(form.step)"
                """,
                "_ = try await load(URL(fileURLWithPath: text), session)",
                "if case .show(let message) = reaction(to: .busy) { text = message }",
                """
                let display = Display()
                try await display.run(client)
                session = display.session ?? session
                """,
                """
                let approver = Approver()
                text = try await approver.scanned(text, session).question
                try await approver.answer(true)
                """,
            ])
    }

    /// Every example of a document, each with a view model on the main actor that calls it.
    private func check(_ document: String, callers: [String]) throws {
        let text = try String(contentsOf: Places.package.appendingPathComponent(document), encoding: .utf8)
        let examples = text.components(separatedBy: "```swift\n").dropFirst()
            .map { $0.components(separatedBy: "```")[0] }
            // Part of a manifest.
            .filter { !$0.hasPrefix("dependencies:") }
        XCTAssertEqual(examples.count, callers.count, document)
        for (example, caller) in zip(examples, callers) {
            let model = """
                import Foundation
                @MainActor final class CallingModel {
                    var client: AuthClient
                    var session: Session
                    var text = ""
                    init(_ client: AuthClient, _ session: Session) { (self.client, self.session) = (client, session) }
                    func call() async throws {
                        \(caller)
                    }
                }
                """
            let result = try compile("\(example)\n\(model)")
            XCTAssertEqual(result.status, 0, result.output)
            XCTAssertEqual(result.output, "")
        }
    }
}
