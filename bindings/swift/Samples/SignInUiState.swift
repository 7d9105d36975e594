import B2CoreAuth

/// What the sign-in screen shows. It holds nothing that is typed but the e-mail, so no password or code can stay in it.
struct SignInUiState: Equatable {
    var screen = SignInScreen.loading
    /// True while the host is asked: inputs are disabled, and only `cancel` does something.
    var isBusy = false
    /// What went wrong, for the user.
    var message: String?
}

enum SignInScreen: Equatable {
    case loading
    /// E-mail and password. The e-mail is what was typed before, perhaps before the process was killed.
    case credentials(email: String)
    case chooseMethod([MethodOption])
    /// A code; `nil` as the method stands for one that came by e-mail.
    case code(TwoFactorMethod?)
    case newPassword
    /// The host requires a step that this version does not know: open its page.
    case browser
    case signedIn(account: String)
    /// The store cannot be read now: ask the user to unlock the device, and try again. It does not mean "signed out".
    case locked
}

/// What the user does.
enum SignInEvent {
    case emailTyped(String)
    case submitPassword(String)
    case choose(TwoFactorMethod)
    case submitCode(String)
    case submitNewPassword(String)
    /// Stops waiting for the host. The step stays.
    case cancel
    /// Abandons this sign-in and begins another one.
    case startOver
    /// Tries again what the screen could not show.
    case retry
    case signOut
}

/// Events with secrets print their name only.
extension SignInEvent: CustomStringConvertible, CustomReflectable {
    var description: String {
        switch self {
        case .emailTyped: "emailTyped"
        case .submitPassword: "submitPassword"
        case .choose: "choose"
        case .submitCode: "submitCode"
        case .submitNewPassword: "submitNewPassword"
        case .cancel: "cancel"
        case .startOver: "startOver"
        case .retry: "retry"
        case .signOut: "signOut"
        }
    }

    var customMirror: Mirror { Mirror(self, children: []) }
}
