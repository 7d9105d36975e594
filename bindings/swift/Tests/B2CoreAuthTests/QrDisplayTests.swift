import B2CoreAuth
import XCTest

/// A display: it shows codes, and is signed in once one is approved.
final class QrDisplayTests: AuthTestCase {
    func testACodeIsShownApprovedAndSignsIn() async throws {
        let place = #","ip":"203.0.113.7","location":"Vienna""#
        let display = try Display(.ok(Bodies.code("channel-1", place)), .ok(Bodies.exchanged))
        let states = display.signIn.states.makeAsyncIterator()
        async let first = states.next()
        let watch = try await display.channel.begun()
        // Nothing is shown before the subscription stands.
        watch.events.subscribed()
        let code = try await first.code("shown")
        XCTAssertEqual(watch.subscription.channel, "qr.channel-1")
        XCTAssertEqual(watch.subscription.url, "https://broker.example/socket.io/")
        XCTAssertEqual(code.channelId, "channel-1")
        XCTAssertTrue(code.payload.contains("channel-1"))
        XCTAssertEqual([code.ip, code.location], ["203.0.113.7", "Vienna"])
        XCTAssertTrue(code.timeLeft > 0 && code.timeLeft <= 120, "\(code.timeLeft)")
        XCTAssertGreaterThan(code.expiresAt, Date())
        watch.say("something.else")
        watch.approve("token-1")
        let approved = try await states.next()
        XCTAssertEqual(approved.name, "approved")
        let session = try await states.session()
        let end = try await states.next()
        XCTAssertNil(end)
        try await watch.ended.wait()
        let bodies = display.bodies("/my/signin/qrcodes")
        XCTAssertEqual(bodies.map { $0.contains("token-1") }, [true])
        let token = try await session.accessToken().value
        XCTAssertEqual(token, "canary-access")
        XCTAssertEqual(session.clientId, "7")
        let kept = try await display.client.session(.front)
        XCTAssertEqual(kept?.cachedAccessToken()?.value, "canary-access")
    }

    func testADeclineEndsIt() async throws {
        let (states, _, watch) = try await Display(.ok(Bodies.code("channel-1"))).shown()
        watch.say("declined")
        let names = try await states.names(2)
        XCTAssertEqual(names, ["declined", "the end"])
        try await watch.ended.wait()
    }

    func testAnExpiredCodeIsRenewed() async throws {
        let display = try Display(
            .ok(Bodies.code("one")), .ok(Bodies.code("two")), .ok(Bodies.code("three")), .ok(Bodies.exchanged))
        let (states, _, first) = try await display.shown()
        first.say("expired")
        var reason = try await states.expiry()
        XCTAssertEqual(reason, .host)
        let second = try await display.channel.subscribed()
        var code = try await states.next().code("renewed")
        XCTAssertEqual(code.channelId, "two")
        try await first.ended.wait()
        // What comes for an old code is nobody's.
        first.approve("late")
        second.events.interrupted(.unreachable)
        reason = try await states.expiry()
        XCTAssertEqual(reason, .connectionLost)
        let third = try await display.channel.subscribed()
        code = try await states.next().code("renewed")
        XCTAssertEqual(code.channelId, "three")
        third.approve()
        let names = try await states.names(3)
        XCTAssertEqual(names, ["approved", "signedIn", "the end"])
        XCTAssertEqual(display.bodies("/my/signin/qrcodes").map { $0.contains("token-1") }, [true])
    }

    func testAHostWithoutQrSignInIsNotAvailable() async throws {
        let displays = [
            try Display(wizard: Bodies.withoutQr), try Display(.say(404, Bodies.refusal)),
            try Display(.say(405, Bodies.refusal)),
        ]
        for display in displays {
            let names = try await display.signIn.states.makeAsyncIterator().names(2)
            XCTAssertEqual(names, ["notAvailable", "the end"])
        }
    }

    func testEachReaderBeginsAtTheNewestState() async throws {
        let display = try Display(.ok(Bodies.code("one")), .ok(Bodies.code("two")), .ok(Bodies.exchanged))
        let (states, _, first) = try await display.shown()
        let other = display.signIn.states.makeAsyncIterator()
        let shown = try await other.next().code("shown")
        XCTAssertEqual(shown.channelId, "one")
        first.say("expired")
        let second = try await display.channel.subscribed()
        let names = try await states.names(2)
        XCTAssertEqual(names, ["expired", "renewed"])
        let later = display.signIn.states.makeAsyncIterator()
        let code = try await later.next().code("renewed")
        XCTAssertEqual(code.channelId, "two")
        second.approve()
        for reader in [states, later] {
            let approved = try await reader.next()
            XCTAssertEqual(approved.name, "approved")
            let session = try await reader.session()
            XCTAssertEqual(session.cachedAccessToken()?.value, "canary-access")
            let end = try await reader.next()
            XCTAssertNil(end)
        }
    }

    func testATokenThatCameInAnotherWayIsExchanged() async throws {
        let display = try Display(.ok(Bodies.code("channel-1")), .ok(Bodies.exchanged), channel: .off)
        let early = try await qrProblem(.noCode) { try display.signIn.complete(authorizationToken: "token-0") }
        XCTAssertEqual(early.error.recovery, .restart)
        let states = display.signIn.states.makeAsyncIterator()
        _ = try await states.next().code("shown")
        try display.signIn.complete(authorizationToken: "token-1")
        let names = try await states.names(3)
        XCTAssertEqual(names, ["approved", "signedIn", "the end"])
        XCTAssertEqual(display.bodies("/my/signin/qrcodes").map { $0.contains("token-1") }, [true])
        _ = try await qrProblem(.noCode) { try display.signIn.complete(authorizationToken: "token-2") }
    }

    func testAnApprovalThatSomebodyElseUsedIsAnErrorOfItsOwn() async throws {
        let (states, _, watch) = try await Display(.ok(Bodies.code("channel-1")), .say(409, Bodies.refusal)).shown()
        watch.approve()
        let approved = try await states.next()
        XCTAssertEqual(approved.name, "approved")
        let used = try await qrProblem(.authorizationUsed) { try await states.next() }
        XCTAssertEqual(used.lines.count, 1)
        XCTAssertNotNil(used.correlationId)
        XCTAssertEqual(used.error.recovery, .report)
        let end = try await states.next()
        XCTAssertNil(end)
    }

    func testAChannelThatCannotGoOnIsAnError() async throws {
        for problem in [ChannelProblem.tls, .failed] {
            let display = try Display(.ok(Bodies.code("channel-1")))
            let states = display.signIn.states.makeAsyncIterator()
            async let next = states.next()
            try await display.channel.begun().end(problem)
            do {
                let state = try await next
                XCTFail("\(state.name)")
            } catch AuthError.channel(let its, _) {
                XCTAssertEqual(its, problem)
            }
        }
    }

    func testCancellingEndsTheStates() async throws {
        let display = try Display(.ok(Bodies.code("channel-1")))
        let (states, _, watch) = try await display.shown()
        display.signIn.cancel()
        let end = try await states.next()
        XCTAssertNil(end)
        try await watch.ended.wait()
        let other = display.client.qrSignIn()
        other.cancel()
        let none = try await other.states.makeAsyncIterator().next()
        XCTAssertNil(none)
    }

    func testACodeGoesOnUntilItsLastUserLeaves() async throws {
        let display = try Display(.ok(Bodies.code("channel-1")))
        let client = display.client
        let watch: HandChannel.Watch
        do {
            let signIn = client.qrSignIn()
            let reader = Task { for try await _ in signIn.states {} }
            watch = try await display.channel.subscribed()
            _ = try await signIn.states.first { _ in true }
            reader.cancel()
            _ = await reader.result
            let code = try await signIn.states.makeAsyncIterator().next().code("shown")
            XCTAssertEqual(code.channelId, "channel-1")
            XCTAssertFalse(watch.ended.isGiven)
        }
        try await watch.ended.wait()
    }

    func testCancellingTheReaderOfAClosedSignInEndsItsWait() async throws {
        let hold = Hold()
        let host = FakeHost(.hold(hold, then: .ok(Bodies.wizard)))
        let client = try AuthClient(
            host: "https://broker.example", store: .custom(ClassStore()), transport: .custom(host))
        let reader = Task { for try await _ in client.qrSignIn().states {} }
        try await hold.arrived.wait()
        reader.cancel()
        do {
            try await reader.value
            XCTFail("it ended by itself")
        } catch is CancellationError {}
        // The request at the host has gone with its last reader.
        try await hold.abandoned.wait()
    }

    func testOptionsThatCannotBeUsedAreASetupError() async throws {
        for options in [["chanel": "x"], ["transports": "pigeon"]] {
            let error = try await refused { try Display(options: options) }
            guard case .setup = error else { return XCTFail("\(error)") }
        }
        let display = try Display(
            .ok(Bodies.code("channel-1")), .ok(Bodies.exchanged),
            options: ["channel": "signin.{id}", "event": "granted", "token_fields": "key"])
        let (states, _, watch) = try await display.shown()
        XCTAssertEqual(watch.subscription.channel, "signin.channel-1")
        watch.say("granted", #"{"key":"token-9"}"#)
        let names = try await states.names(3)
        XCTAssertEqual(names, ["approved", "signedIn", "the end"])
        XCTAssertEqual(display.bodies("/my/signin/qrcodes").map { $0.contains("token-9") }, [true])
    }

    func testNoStateOfADisplayPrintsASecret() async throws {
        let place = #","ip":"canary7","location":"canary7""#
        let display = try Display(
            .ok(Bodies.code("canary7", place)), .ok(Bodies.exchanged),
            options: ["private": "true", "channel_authorization": "canary7"])
        let (states, code, watch) = try await display.shown()
        XCTAssertEqual(code.channelId, "canary7")
        XCTAssertEqual(watch.subscription.headers.map(\.value), ["canary7"])
        watch.approve("canary7")
        let approved = try await states.next()
        let signedIn = try await states.session()
        let values: [Any] = [
            code, QrState.shown(code), QrState.renewed(code), approved as Any, QrState.signedIn(signedIn), watch.subscription, watch.events,
            display.signIn, display.signIn.states, states,
        ]
        for value in values {
            var texts = "\(value) \(String(reflecting: value))"
            dump(value, to: &texts)
            XCTAssertFalse(texts.contains("canary"), texts)
        }
    }
}
