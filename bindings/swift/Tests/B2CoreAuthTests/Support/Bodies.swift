import B2CoreAuth
import Foundation

/// What a B2Core host answers.
enum Bodies {
    static let wizard = workflow("login")
    static let recaptchaWizard =
        #"{"code":200,"data":{"recaptcha":{"enabled":true}},"done":false,"uuid":"canary-uuid","workflow":"login"}"#
    static let code = workflow("2fa_google_auth")
    static let choice = workflow("2fa")
    static let resetCode = workflow("reset_password_email")
    static let newPassword = workflow("reset_password")
    static let mailedCode =
        #"{"2faRequired":true,"2faDetails":{"token":"canary-2fa","provider":"email","expiresAt":"2036-01-01T00:00:00Z"}}"#
    static let pair =
        #"{"accessToken":{"token":"canary-access"},"refreshToken":{"token":"canary-refresh"}}"#
    static let html = "<html>Sign in to the hotel</html>"
    static let refusal = #"{"error":{"code":0,"message":"canary-text of jdoe@example.com"}}"#

    static func workflow(_ name: String) -> String {
        #"{"code":200,"data":null,"done":false,"uuid":"canary-uuid","workflow":"\#(name)"}"#
    }

    static func invalid(_ field: String) -> String {
        #"{"message":"Invalid","errors":{"\#(field)":["canary-text"]}}"#
    }
}

/// A client of a scripted host, with a store in Swift.
struct World {
    let host = FakeHost()
    let store = ClassStore()
    let client: AuthClient

    static let email = "jdoe@example.com"
    static let password = "canary-password"

    init() throws {
        client = try AuthClient(
            host: "https://broker.example", store: .custom(store), transport: .custom(host))
    }

    /// A sign-in that the host has led to the place that these answers lead to.
    func walk(_ answers: Answer..., office: Office = .front) async throws -> SignIn {
        try await walk(answers, office: office)
    }

    func walk(_ answers: [Answer], office: Office = .front) async throws -> SignIn {
        let signIn = client.signIn(office)
        for answer in answers {
            host.next(answer)
            switch signIn.current {
            case .start(let step): _ = try await step.open()
            case .credentials(let step): _ = try await step.submit(email: Self.email, password: Self.password)
            case .resetCode(let step): _ = try await step.submit(code: "123456")
            default: throw NotThere(wanted: "a step to go on from", there: signIn.current.name)
            }
        }
        return signIn
    }

    func atCredentials() async throws -> CredentialsStep {
        try await walk(.ok(Bodies.wizard)).current.credentials
    }

    func atCode() async throws -> CodeStep {
        try await walk(.ok(Bodies.wizard), .ok(Bodies.code)).current.code
    }

    func signedIn() async throws -> Session {
        try await walk(.ok(Bodies.wizard), .ok(Bodies.pair)).current.session
    }
}
