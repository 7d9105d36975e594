import B2CoreAuth

/// Another place than the test expected.
struct NotThere: Error {
    let wanted: String
    let there: String
}

/// The step of each place. The switch has no default: a new place has to be named here.
extension SignInStep {
    var name: String {
        switch self {
        case .start: "start"
        case .credentials: "credentials"
        case .chooseMethod: "chooseMethod"
        case .code: "code"
        case .mailedCode: "mailedCode"
        case .resetCode: "resetCode"
        case .newPassword: "newPassword"
        case .signedIn: "signedIn"
        case .unsupported: "unsupported"
        }
    }

    static let names: Set = [
        "start", "credentials", "chooseMethod", "code", "mailedCode", "resetCode", "newPassword", "signedIn",
        "unsupported",
    ]

    var start: StartStep { get throws { if case .start(let step) = self { step } else { throw not("start") } } }

    var credentials: CredentialsStep {
        get throws { if case .credentials(let step) = self { step } else { throw not("credentials") } }
    }

    var chooseMethod: ChooseMethodStep {
        get throws { if case .chooseMethod(let step) = self { step } else { throw not("chooseMethod") } }
    }

    var code: CodeStep { get throws { if case .code(let step) = self { step } else { throw not("code") } } }

    var mailedCode: MailedCodeStep {
        get throws { if case .mailedCode(let step) = self { step } else { throw not("mailedCode") } }
    }

    var resetCode: ResetCodeStep {
        get throws { if case .resetCode(let step) = self { step } else { throw not("resetCode") } }
    }

    var newPassword: NewPasswordStep {
        get throws { if case .newPassword(let step) = self { step } else { throw not("newPassword") } }
    }

    var session: Session {
        get throws { if case .signedIn(let session) = self { session } else { throw not("signedIn") } }
    }

    private func not(_ wanted: String) -> NotThere { NotThere(wanted: wanted, there: name) }
}
