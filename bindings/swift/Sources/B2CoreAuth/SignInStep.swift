import B2CoreAuthGenerated

/// Where a sign-in is. Each place carries just the calls that are legal there.
///
/// Every call that moves on gives the next step. After an error or a cancel the same step can be used again; if the
/// sign-in has moved on from it after all, it throws `AuthError.StaleStep`, and ``SignIn/current`` is the step to use.
public enum SignInStep: Sendable {
    /// The front office's wizard has to be opened.
    case start(StartStep)
    /// E-mail and password are wanted.
    case credentials(CredentialsStep)
    /// One of several two-factor methods has to be chosen.
    case chooseMethod(ChooseMethodStep)
    /// A code of the authenticator app or an SMS is wanted.
    case code(CodeStep)
    /// The back office's e-mailed code is wanted.
    case mailedCode(MailedCodeStep)
    /// The e-mailed code of a forced reset is wanted.
    case resetCode(ResetCodeStep)
    /// A new password is wanted.
    case newPassword(NewPasswordStep)
    /// Signed in.
    case signedIn(Session)
    /// The host wants something that this version does not know; the sign-in can go on in a browser.
    case unsupported(workflow: String)
}

extension SignInStep {
    init(_ raw: B2CoreAuthGenerated.SignInStep) {
        switch raw {
        case .start(let step): self = .start(StartStep(raw: step))
        case .credentials(let step): self = .credentials(CredentialsStep(raw: step))
        case .chooseMethod(let step): self = .chooseMethod(ChooseMethodStep(raw: step))
        case .code(let step): self = .code(CodeStep(raw: step))
        case .mailedCode(let step): self = .mailedCode(MailedCodeStep(raw: step))
        case .resetCode(let step): self = .resetCode(ResetCodeStep(raw: step))
        case .newPassword(let step): self = .newPassword(NewPasswordStep(raw: step))
        case .signedIn(let session): self = .signedIn(Session(session))
        case .unsupported(let workflow): self = .unsupported(workflow: workflow)
        }
    }

    /// Makes a call that moves on.
    static func after(
        _ call: @Sendable (CancelToken) async throws -> B2CoreAuthGenerated.SignInStep
    ) async throws -> SignInStep {
        SignInStep(try await cancellable(call))
    }
}
