import B2CoreAuth
import B2CoreAuthTesting
import XCTest

/// Who can sign in, and how the helper does it.
final class UsersTests: XCTestCase {
    private let builtIn = [
        Sandbox.plain, Sandbox.totp, Sandbox.sms, Sandbox.both, Sandbox.reset, Sandbox.root, Sandbox.admin,
    ]

    func testEveryBuiltInUserSignsIn() async throws {
        let sandbox = try Sandbox()
        XCTAssertEqual(sandbox.users.map(\.email), builtIn)
        for user in sandbox.users {
            let session = try await sandbox.signIn(sandbox.client(), as: user.email)
            XCTAssertEqual(session.account, user.email)
            XCTAssertEqual(session.office, user.office)
            let token = try await session.accessToken()
            XCTAssertEqual(sandbox.owner(of: token), user.email)
        }
        XCTAssertEqual(sandbox.outbox.map(\.email), [Sandbox.sms, Sandbox.both, Sandbox.reset, Sandbox.admin])
        XCTAssertEqual(sandbox.outbox.map(\.isMail), [false, false, true, true])
        XCTAssertEqual(sandbox.unrevokedSessions, builtIn.count)
    }

    func testTheHelperKnowsThePasswordThatItHasSet() async throws {
        let sandbox = try Sandbox()
        try await sandbox.signIn(sandbox.client(), as: Sandbox.reset)
        XCTAssertEqual(sandbox.password(of: Sandbox.reset), Sandbox.newPassword)
        _ = try await sandbox.client().enter(Sandbox.reset, Sandbox.newPassword).session
        try await sandbox.signIn(sandbox.client(), as: Sandbox.reset)
        XCTAssertTrue(sandbox.forceReset(Sandbox.reset))
        XCTAssertEqual(sandbox.users.first { $0.email == Sandbox.reset }?.mustResetPassword, true)
        try await sandbox.signIn(sandbox.client(), as: Sandbox.reset)
        XCTAssertEqual(sandbox.password(of: Sandbox.reset), Sandbox.password)
        XCTAssertFalse(sandbox.forceReset("nobody@example.com"))
    }

    func testUsersOfATestsOwn() async throws {
        let sandbox = try Sandbox {
            $0.users = [
                NewUser("ann@example.org", password: "quote \" and 'ü'", methods: [.google, .sms]),
                NewUser("bob@example.org"),
            ]
        }
        try sandbox.addUser(NewUser("cat@example.org", password: "Cats12345", office: .back, hasMailedCode: true))
        try sandbox.addUsers(
            toml: """
                [[user]]
                email = "dan@example.org"
                password = "Dans12345"
                office = "front"
                client_id = 777
                """)
        let own = ["ann@example.org", "bob@example.org", "cat@example.org", "dan@example.org"]
        XCTAssertEqual(sandbox.users.map(\.email), builtIn + own)
        for email in own.dropLast() {
            let token = try await sandbox.signIn(sandbox.client(), as: email).accessToken()
            XCTAssertEqual(sandbox.owner(of: token), email)
        }
        let dan = try await sandbox.signIn(sandbox.client(), as: "dan@example.org", password: "Dans12345")
        XCTAssertEqual(dan.account, "dan@example.org")
        XCTAssertEqual(sandbox.users.last?.clientId, 777)
        XCTAssertEqual(sandbox.outbox.last?.email, "cat@example.org")
    }

    func testATextOfUsersReplacesTheBuiltInOnes() async throws {
        let sandbox = try Sandbox {
            $0.usersToml = "[[user]]\nemail = \"eve@example.org\"\npassword = \"Eves12345\"\noffice = \"front\""
        }
        XCTAssertEqual(sandbox.users.map(\.email), ["eve@example.org"])
        let error = try await refused { try await sandbox.client().enter(Sandbox.plain) }
        guard case .wrongCredentials = error else { return XCTFail("\(error)") }
    }

    func testMistakesAreTyped() async throws {
        let sandbox = try Sandbox()
        let before = sandbox.users
        let taken = try mistaken { try sandbox.addUser(NewUser(Sandbox.plain)) }
        guard case .users = taken else { return XCTFail("\(taken)") }
        XCTAssertTrue(taken.problem.contains("another user of this office has the e-mail"), taken.problem)
        let methods = try mistaken {
            try sandbox.addUser(NewUser("x@example.org", password: "SecretOfX1", office: .back, methods: [.sms]))
        }
        XCTAssertTrue(methods.problem.contains("`methods` must be left out in the back office"), methods.problem)
        let half = """
            [[user]]
            email = "y@example.org"
            password = "Ys1234567"
            office = "front"
            [[user]]
            email = "z"
            """
        let line = try mistaken { try sandbox.addUsers(toml: half) }
        XCTAssertTrue(line.problem.contains("line 5"), line.problem)
        XCTAssertEqual(line.localizedDescription, line.problem)
        XCTAssertEqual(sandbox.users, before, "all or none")
        guard case .dialect = try mistaken({ try sandbox.setDialect("klingon") }) else { return XCTFail() }
        guard case .dialect = try mistaken({ try Sandbox { $0.dialect = "klingon" } }) else { return XCTFail() }
        guard case .start = try mistaken({ try Sandbox { $0.basePath = "no path" } }) else { return XCTFail() }
        guard case .setting = try mistaken({ try Sandbox { $0.qrLifetimeForm = "soon" } }) else { return XCTFail() }
        for seconds in [-1, .nan, .infinity] {
            guard case .setting = try mistaken({ try Sandbox { $0.accessLifetime = seconds } }) else {
                return XCTFail()
            }
        }
        let negative = SandboxLimits(signIn: -1)
        guard case .setting = try mistaken({ try Sandbox { $0.limits = negative } }) else { return XCTFail() }
        guard case .setting = try mistaken({ try sandbox.setLimits(negative) }) else { return XCTFail() }
        guard case .fault = try mistaken({ try Sandbox { $0.faults = ["nonsense"] } }) else { return XCTFail() }
        XCTAssertNil(sandbox.totpCode(Sandbox.plain))
        do {
            try await sandbox.signIn(sandbox.client(), as: "nobody@example.com")
            XCTFail("somebody is signed in")
        } catch let error as SandboxSignInError {
            XCTAssertEqual(error, .noSuchUser)
        }
    }

    func testTwoSandboxesAtTheSameTime() async throws {
        let one = try Sandbox()
        let two = try Sandbox { $0.basePath = "/broker" }
        let phone = try await one.signIn(one.client()).accessToken()
        let other = try await two.signIn(two.client(), as: Sandbox.totp).accessToken()
        XCTAssertEqual([one, two].map { $0.owner(of: phone) }, [Sandbox.plain, nil])
        XCTAssertEqual([one, two].map { $0.owner(of: other) }, [nil, Sandbox.totp])
        let answer = try await status(two.protectedUrl, other.value)
        XCTAssertEqual(answer, 200)
        XCTAssertEqual(one.requestCount(to: "/2fa/google"), 0)
        XCTAssertEqual(two.requestCount(to: "/2fa/google"), 1)
        XCTAssertEqual(two.requests.last?.path, "/broker/api/v2/my/2fa/google")
    }

    func testAStoppedHostIsGoneAndItsRecordsStay() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = StoreChoice.file(path: folder.path, passphrase: nil)
        let sandbox = try Sandbox()
        try await sandbox.signIn(sandbox.client(store: store))
        let requests = sandbox.requests.count
        sandbox.stop()
        let kept = try await sandbox.client(store: store).session(.front)
        let session = try XCTUnwrap(kept)
        guard case .network = try await refused({ try await session.refresh() }) else { return XCTFail() }
        XCTAssertEqual(sandbox.requests.count, requests)
    }

    func testAHostThatNobodyReferencesIsGone() async throws {
        var sandbox: Sandbox? = try Sandbox()
        let client = try XCTUnwrap(sandbox).client()
        sandbox = nil
        let error = try await refused { try await client.enter(Sandbox.plain) }
        guard case .network(.unreachable, _, _) = error else { return XCTFail("\(error)") }
    }
}
