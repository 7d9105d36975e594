//! What a wizard says of the sign-in page when it is opened.

/// What the host says about its sign-in page when the wizard is opened. The back office says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WizardInfo {
    /// The credentials step demands a reCAPTCHA response.
    pub recaptcha_required: bool,
    /// `is_qr_available`: whether the host offers a sign-in by QR code. `None` if it does not say.
    pub qr_available: Option<bool>,
    /// `is_password_recovery_available`: whether a forgotten password can be reset. `None` if the host does not say.
    pub password_recovery_available: Option<bool>,
}
