/// The steps of a sign-in. Each case carries the calls that are legal there.
///
/// Every call returns the next step. After an error or a cancel the same step can be used again. If the sign-in has moved
/// on from it, it throws `AuthError.staleStep`, and ``SignIn/current`` is the step to use.
public enum SignInStep: Hashable, Sendable {
    /// The front office's wizard has to be opened.
    case start(StartStep)
    /// E-mail and password are required.
    case credentials(CredentialsStep)
    /// One of several two-factor methods has to be chosen.
    case chooseMethod(ChooseMethodStep)
    /// A code of the authenticator app or an SMS is required.
    case code(CodeStep)
    /// The code that the back office e-mailed is required.
    case mailedCode(MailedCodeStep)
    /// The e-mailed code of a forced password reset is required.
    case resetCode(ResetCodeStep)
    /// A new password is required.
    case newPassword(NewPasswordStep)
    /// Signed in.
    case signedIn(Session)
    /// The host requires a step that this version does not support. The user can sign in with a browser.
    case unsupported(workflow: String)
}

extension SignInStep {
    init(_ raw: Raw.SignInStep) {
        switch raw {
        case .start(let step): self = .start(StartStep(raw: step))
        case .credentials(let step): self = .credentials(CredentialsStep(raw: step))
        case .chooseMethod(let step): self = .chooseMethod(ChooseMethodStep(raw: step))
        case .code(let step): self = .code(CodeStep(raw: step))
        case .mailedCode(let step): self = .mailedCode(MailedCodeStep(raw: step))
        case .resetCode(let step): self = .resetCode(ResetCodeStep(raw: step))
        case .newPassword(let step): self = .newPassword(NewPasswordStep(raw: step))
        case .signedIn(let session): self = .signedIn(Session(SharedSession(session)))
        case .unsupported(let workflow): self = .unsupported(workflow: workflow)
        }
    }

    /// The step after this call.
    static func after(
        _ call: @Sendable (Raw.CancelToken) async throws -> Raw.SignInStep
    ) async throws -> SignInStep {
        SignInStep(try await cancellable(call))
    }
}
