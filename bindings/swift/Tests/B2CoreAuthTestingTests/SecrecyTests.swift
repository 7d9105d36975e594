import B2CoreAuth
import B2CoreAuthTesting
import XCTest

/// What is printed, and what is not.
final class SecrecyTests: XCTestCase {
    private let secret = "MARKERMARKERMARKERMARKERMARKERMA"
    private let password = "Marker-password-1"

    func testNothingPrintsASecret() async throws {
        let sandbox = try Sandbox()
        let ann = NewUser("ann@example.org", password: password, methods: [.google, .sms], totpSecret: secret)
        try sandbox.addUser(ann)
        let session = try await sandbox.signIn(sandbox.client(), as: "ann@example.org")
        try await sandbox.signIn(sandbox.client(), as: Sandbox.admin)
        try await session.refresh()
        let text = """
            [[user]]
            email = "bob@example.org"
            password = "\(password)"
            office = "front"
            totp_secret = "\(secret)"
            """
        let wrong = try mistaken { try sandbox.addUsers(toml: text) }
        let failed = try await refused {
            try await sandbox.signIn(sandbox.client(), as: "ann@example.org", password: password + "?")
        }
        var settings = SandboxSettings()
        settings.usersToml = text
        settings.users = [NewUser("cat@example.org", password: password, totpSecret: secret)]
        let refused = try mistaken { try Sandbox(settings) }
        try sandbox.fault("refresh:status=503,times=1")
        let plain: [Any] = [SandboxLimits(), SandboxSignInError.noSuchUser, sandbox.clock]
        let records: [Any] = sandbox.users + sandbox.outbox + sandbox.requests + sandbox.faults
        let all = [ann, sandbox, settings, wrong, failed, refused] + plain + records
        // So that a new type is not forgotten here.
        XCTAssertEqual(try publicTypes().subtracting(all.map { "\(type(of: $0))" }), [])
        let token = try await session.accessToken().value
        let secrets = sandbox.outbox.map(\.code) + [secret, password, token]
        XCTAssertTrue(sandbox.outbox.count >= 2 && sandbox.requests.count >= 8)
        for value in all {
            var dumped = ""
            dump(value, to: &dumped)
            for printed in ["\(value)", String(reflecting: value), dumped] {
                XCTAssertEqual(secrets.filter { printed.contains($0) }, [], printed)
            }
        }
    }

    /// The names of all public types that have values, from the list of the public API.
    private func publicTypes() throws -> Set<String> {
        let list = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../../docs/api/swift-testing.txt").standardized
        let types = try String(contentsOf: list, encoding: .utf8).split(separator: "\n").compactMap { line in
            [" = struct ", " = enum ", " = final class "].compactMap { kind in
                line.contains(kind) ? line.components(separatedBy: kind).last : nil
            }.first
        }
        XCTAssertGreaterThan(types.count, 8)
        return Set(types)
    }
}
