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
        let all: [Any] =
            [ann, sandbox, settings, wrong, failed, refused, sandbox.clock] + sandbox.users + sandbox.outbox
            + sandbox.requests + sandbox.faults
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
}
