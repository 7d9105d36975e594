import XCTest

@testable import B2CoreAuth

/// What values can be compared, listed, stored and identified by.
final class ValueTests: AuthTestCase {
    func testAStepIsEqualToItselfUntilTheSignInMovesOn() async throws {
        let world = try World()
        let signIn = try await world.walk(.ok(Bodies.wizard))
        let form = signIn.current
        XCTAssertEqual(form, signIn.current)
        XCTAssertEqual(Set([form, signIn.current]).count, 1)
        world.host.next(.say(400, Bodies.refusal))
        _ = try await refused { try await form.credentials.submit(email: World.email, password: World.password) }
        XCTAssertEqual(form, signIn.current, "a refusal stays at the step")
        world.host.next(.ok(Bodies.code))
        let code = try await form.credentials.submit(email: World.email, password: World.password)
        XCTAssertNotEqual(form, signIn.current)
        XCTAssertEqual(code, signIn.current)
        let other = try await World().walk(.ok(Bodies.wizard)).current
        XCTAssertNotEqual(form, other, "another sign-in's")
    }

    func testEveryStepIsEqualToItself() async throws {
        let wizard = Answer.ok(Bodies.wizard)
        let ways: [[Answer]] = [
            [], [wizard], [wizard, .ok(Bodies.choice)], [wizard, .ok(Bodies.code)], [wizard, .ok(Bodies.resetCode)],
            [wizard, .ok(Bodies.resetCode), .ok(Bodies.newPassword)], [wizard, .ok(Bodies.pair)],
            [wizard, .ok(Bodies.workflow("kyc_form"))],
        ]
        var steps: Set<SignInStep> = []
        for way in ways {
            let signIn = try await World().walk(way)
            XCTAssertEqual(signIn.current, signIn.current, signIn.current.name)
            steps.formUnion([signIn.current, signIn.current])
        }
        let mailed = try await World().walk(.ok(Bodies.mailedCode), office: .back)
        XCTAssertEqual(mailed.current, mailed.current)
        XCTAssertEqual(steps.count, ways.count)
    }

    func testASessionIsTheSameForAllWhoReadIt() async throws {
        let world = try World()
        let session = try await world.signedIn()
        let read = try await world.client.session(.front)
        XCTAssertEqual(read, session)
        let elsewhere = try await AuthClient(
            host: "https://broker.example", store: .custom(world.store), transport: .custom(world.host)
        ).session(.front)
        XCTAssertEqual(elsewhere, session)
        XCTAssertEqual(Set([read, elsewhere, session]).count, 1)
        let next = try await world.signedIn()
        XCTAssertNotEqual(next, session, "another sign-in of the same account")
        let (one, other) = try await (next.accessToken(), next.accessToken())
        XCTAssertEqual(one, other)
    }

    func testPlainEnumsAreListedAndStoredByStableNames() throws {
        try check(Office.self, ["front", "back"])
        try check(TwoFactorMethod.self, ["google", "sms"])
        try check(Health.self, ["healthy", "host_unavailable", "store_unavailable"])
        try check(
            StateReason.self,
            [
                "stored", "signed_in", "refreshed", "changed_elsewhere", "signed_out", "signed_out_elsewhere",
                "ended_by_host", "expired", "refused", "store_unavailable", "host_unavailable", "recovered",
            ])
        try check(RevocationStatus.self, ["revoked", "nothing_to_revoke", "pending", "not_revoked"])
        try check(
            NetworkProblem.self,
            ["unreachable", "tls", "pin_mismatch", "interrupted", "timed_out", "too_large", "not_http", "failed"])
        try check(
            InputProblem.self,
            [
                "email_needed", "no_email", "password_needed", "new_password_needed", "code_needed", "code_not_digits",
                "code_not_letters_or_digits",
            ])
        try check(
            QrProblem.self,
            [
                "not_a_code", "other_host", "not_available", "expired", "already_used", "already_decided",
                "not_confirmed", "unauthorized", "uncertain", "authorization_used", "no_code",
            ])
        try check(
            ChannelProblem.self,
            ["unreachable", "tls", "pin_mismatch", "not_found", "protocol", "refused", "failed"])
        try check(QrExpiry.self, ["lifetime", "host", "connection_lost", "late"])
        try check(
            QrRisk.self,
            [
                "address_unknown", "address_differs", "nearly_expired", "host_not_named", "recent_approval",
                "not_from_camera", "other",
            ])
        try check(ScanSource.self, ["camera", "link"])
        try check(StoreError.self, ["unavailable", "failed"])
    }

    /// All cases in their order, and each through JSON and back.
    private func check<Plain: CaseIterable & Codable & Hashable & RawRepresentable<String> & Sendable>(
        _: Plain.Type, _ names: [String], line: UInt = #line
    ) throws {
        XCTAssertEqual(Plain.allCases.map(\.rawValue), names, line: line)
        let all = Array(Plain.allCases)
        let json = try JSONEncoder().encode(all)
        XCTAssertEqual(try JSONDecoder().decode([String].self, from: json), names, line: line)
        XCTAssertEqual(try JSONDecoder().decode([Plain].self, from: json), all, line: line)
        XCTAssertThrowsError(try JSONDecoder().decode([Plain].self, from: Data(#"["new"]"#.utf8)), line: line)
    }

    func testACodeIsASquareOfModulesWithAMargin() async throws {
        let display = try Display(.ok(Bodies.code("channel-1")))
        let (_, code, _) = try await display.shown()
        let matrix = try XCTUnwrap(code.matrix)
        XCTAssertEqual(matrix.rows.map(\.count), Array(repeating: matrix.side, count: matrix.side))
        let dark = (0..<matrix.side).first { matrix.isDark(x: $0, y: $0) }
        let margin = try XCTUnwrap(dark)
        XCTAssertGreaterThanOrEqual(margin, 4)
        // The pattern in the corner by which scanners find a code: seven modules, of which the outer ones are dark.
        let corner = (0..<8).map { matrix.isDark(x: margin + $0, y: margin) }
        XCTAssertEqual(corner, Array(repeating: true, count: 7) + [false])
        XCTAssertFalse(matrix.isDark(x: -1, y: 0) || matrix.isDark(x: 0, y: matrix.side))
        XCTAssertEqual(code.matrix, matrix)
    }

    func testListsOfAViewAreIdentified() async throws {
        let world = try World()
        _ = try await world.signedIn()
        let accounts = try await world.client.accounts()
        XCTAssertEqual(accounts.map(\.id), accounts)
        XCTAssertEqual(accounts.count, 1)
        let options = try await World().walk(.ok(Bodies.wizard), .ok(Bodies.choice)).current.chooseMethod.options
        XCTAssertEqual(Set(options.map(\.id)).count, options.count)
        XCTAssertEqual(options.map(\.id), options.map(\.method))
    }
}
