/// What the wizard says about the sign-in page.
public struct WizardInfo: Hashable, Sendable {
    /// The credentials step requires a reCAPTCHA response.
    public let recaptchaRequired: Bool

    /// The host offers a QR code; `nil` if unknown.
    public let qrAvailable: Bool?

    /// The host offers to recover a forgotten password; `nil` if unknown.
    public let passwordRecoveryAvailable: Bool?

    /// The information, such as for a preview of the form.
    public init(recaptchaRequired: Bool, qrAvailable: Bool? = nil, passwordRecoveryAvailable: Bool? = nil) {
        (self.recaptchaRequired, self.qrAvailable) = (recaptchaRequired, qrAvailable)
        self.passwordRecoveryAvailable = passwordRecoveryAvailable
    }
}

extension WizardInfo {
    init(_ raw: Raw.WizardInfo) {
        self.init(
            recaptchaRequired: raw.recaptchaRequired, qrAvailable: raw.qrAvailable,
            passwordRecoveryAvailable: raw.passwordRecoveryAvailable)
    }
}
