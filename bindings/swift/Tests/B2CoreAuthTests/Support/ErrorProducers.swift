import B2CoreAuth

/// The errors by name. The switch has no default: a new error has to be named here, and produced below.
enum ErrorName: CaseIterable {
    case wrongCredentials, wrongCode, passwordRefused, refused, recaptchaRequired, recaptchaRefused
    case methodNotAvailable, invalidInput, lockedOut, signInExpired, network, hostFailed, backingOff, unexpectedAnswer
    case storeUnavailable, storeFailed, notSaved, qr, channel, notSignedIn, sessionEnded, reauthenticationRequired, sessionReplaced
    case busy, staleStep, setup

    init(_ error: AuthError) {
        switch error {
        case .wrongCredentials: self = .wrongCredentials
        case .wrongCode: self = .wrongCode
        case .passwordRefused: self = .passwordRefused
        case .refused: self = .refused
        case .recaptchaRequired: self = .recaptchaRequired
        case .recaptchaRefused: self = .recaptchaRefused
        case .methodNotAvailable: self = .methodNotAvailable
        case .invalidInput: self = .invalidInput
        case .lockedOut: self = .lockedOut
        case .signInExpired: self = .signInExpired
        case .network: self = .network
        case .hostFailed: self = .hostFailed
        case .backingOff: self = .backingOff
        case .unexpectedAnswer: self = .unexpectedAnswer
        case .storeUnavailable: self = .storeUnavailable
        case .storeFailed: self = .storeFailed
        case .notSaved: self = .notSaved
        case .qr: self = .qr
        case .channel: self = .channel
        case .notSignedIn: self = .notSignedIn
        case .sessionEnded: self = .sessionEnded
        case .reauthenticationRequired: self = .reauthenticationRequired
        case .sessionReplaced: self = .sessionReplaced
        case .busy: self = .busy
        case .staleStep: self = .staleStep
        case .setup: self = .setup
        }
    }
}

/// How each error comes about.
enum ErrorProducers {
    typealias Producer = @Sendable (World) async throws -> Void

    private static let again = Recovery.retry(after: nil)

    static let all: [(ErrorName, Recovery?, Producer)] = [
        (.wrongCredentials, .askUser, { try await $0.submitCredentials(.say(400, Bodies.refusal)) }),
        (.wrongCode, .askUser, { try await $0.submitCode(.say(400, Bodies.refusal)) }),
        (
            .passwordRefused, .askUser,
            { world in
                let signIn = try await world.walk(
                    .ok(Bodies.wizard), .ok(Bodies.resetCode), .ok(Bodies.newPassword))
                world.host.next(.say(422, Bodies.invalid("password")))
                _ = try await signIn.current.newPassword.submit(password: World.password)
            }
        ),
        (
            .refused, .report,
            { world in
                let signIn = try await world.walk(.ok(Bodies.wizard), .ok(Bodies.choice))
                world.host.next(.say(400, Bodies.refusal))
                _ = try await signIn.current.chooseMethod.choose(.sms)
            }
        ),
        (
            .recaptchaRequired, .askUser,
            { world in
                let form = try await world.walk(.ok(Bodies.recaptchaWizard)).current.credentials
                _ = try await form.submit(email: World.email, password: World.password)
            }
        ),
        (
            .recaptchaRefused, .askUser,
            { world in
                let form = try await world.walk(.ok(Bodies.recaptchaWizard)).current.credentials
                world.host.next(.say(422, Bodies.invalid("recaptchaResponse")))
                _ = try await form.submit(
                    email: World.email, password: World.password, recaptcha: "canary-recaptcha")
            }
        ),
        (.methodNotAvailable, .askUser, { _ = try await $0.atCode().choose(.sms) }),
        (.invalidInput, .askUser, { _ = try await $0.atCode().submit(code: "") }),
        (
            .lockedOut, .wait(90),
            {
                let header = HttpHeader(name: "Retry-After", value: "90")
                try await $0.submitCode(.say(429, "", [header]))
            }
        ),
        (.signInExpired, .restart, { try await $0.submitCode(.say(404, Bodies.refusal)) }),
        (.network, again, { try await $0.submitCode(.fail(TransportError.network(.interrupted))) }),
        (
            .hostFailed, .retry(after: 7),
            {
                let header = HttpHeader(name: "Retry-After", value: "7")
                try await $0.submitCode(.say(503, Bodies.html, [header]))
            }
        ),
        (
            .backingOff, nil,
            { world in
                let session = try await world.signedIn()
                world.host.next(.say(503, "", [HttpHeader(name: "Retry-After", value: "100")]))
                _ = try? await session.refresh()
                try await session.refresh()
            }
        ),
        (.unexpectedAnswer, .report, { try await $0.submitCode(.ok(Bodies.html)) }),
        (
            .storeUnavailable, again,
            { world in
                world.store.when { _, _ in .unavailable }
                _ = try await world.client.session(.front)
            }
        ),
        (
            .storeFailed, .report,
            { world in
                world.store.when { _, _ in throw StoreError.failed }
                _ = try await world.client.session(.front)
            }
        ),
        (
            .notSaved, .report,
            { world in
                world.store.when { call, name in
                    if call == .save, name.hasPrefix("session/") { throw StoreError.failed }
                    return nil
                }
                try await world.submitCode(.ok(Bodies.pair))
            }
        ),
        (
            .qr, .restart,
            { world in
                let request = try await world.signedIn().inspectQr("canary-channel", source: .camera)
                world.host.next(.say(404, Bodies.refusal))
                try await request.approve()
            }
        ),
        (
            .channel, .report,
            { _ in
                let display = try Display(.ok(Bodies.code("canary-channel")))
                async let next = display.signIn.states.makeAsyncIterator().next()
                try await display.channel.begun().end(.notFound)
                _ = try await next
            }
        ),
        (
            .notSignedIn, .signInAgain,
            { world in
                let session = try await world.signedIn()
                world.host.next(.ok(""))
                try await session.signOut()
                try await session.refresh()
            }
        ),
        (.sessionEnded, .signInAgain, { try await $0.refresh(.say(401, Bodies.refusal)) }),
        (.reauthenticationRequired, .signInAgain, { try await $0.refresh(.say(422, Bodies.invalid("refreshToken"))) }),
        (
            .sessionReplaced, .reload,
            { world in
                let first = try await world.signedIn()
                _ = try await world.signedIn()
                try await first.refresh()
            }
        ),
        (
            .busy, again,
            { world in
                let step = try await world.atCode()
                let hold = Hold()
                world.host.next(.hold(hold, then: .ok(Bodies.pair)))
                let first = Task { try await step.submit(code: "123456") }
                defer { hold.release.give() }
                try await hold.arrived.wait()
                _ = first
                _ = try await step.submit(code: "123456")
            }
        ),
        (
            .staleStep, .reload,
            { world in
                let start = try world.client.signIn(.front).current.start
                world.host.next(.ok(Bodies.wizard))
                _ = try await start.open()
                _ = try await start.open()
            }
        ),
        (.setup, .report, { _ in _ = try AuthClient(host: "http://broker.example", store: .memory) }),
    ]
}

extension World {
    fileprivate func submitCredentials(_ answer: Answer) async throws {
        let form = try await atCredentials()
        host.next(answer)
        _ = try await form.submit(email: Self.email, password: Self.password)
    }

    fileprivate func submitCode(_ answer: Answer) async throws {
        let step = try await atCode()
        host.next(answer)
        _ = try await step.submit(code: "123456")
    }

    fileprivate func refresh(_ answer: Answer) async throws {
        let session = try await signedIn()
        host.next(answer)
        try await session.refresh()
    }
}
