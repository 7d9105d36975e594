//! Small value types.

use crate::print::redacted;
use auth_client as rust;

/// The part of B2Core to sign in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Office {
    /// For clients: a wizard with two-factor methods and forced password resets.
    Front,
    /// For staff: a password, then an e-mailed code if the host requires one.
    Back,
}

impl From<Office> for rust::Office {
    fn from(office: Office) -> Self {
        match office {
            Office::Front => Self::Front,
            Office::Back => Self::Back,
        }
    }
}

impl From<rust::Office> for Office {
    fn from(office: rust::Office) -> Self {
        match office {
            rust::Office::Front => Self::Front,
            rust::Office::Back => Self::Back,
        }
    }
}

/// Identifies an account in a store.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AccountKey {
    /// The name of the profile.
    pub profile: String,
    /// The host, such as `https://broker.example`.
    pub host: String,
    /// The office.
    pub office: Office,
}

// A profile may be an e-mail.
redacted!(AccountKey, |key, f| write!(f, "AccountKey({:?}, {})", key.office, key.host));

impl From<rust::AccountKey> for AccountKey {
    fn from(key: rust::AccountKey) -> Self {
        let rust::AccountKey { profile, host, office } = key;
        Self { profile: profile.to_string(), host: host.to_string(), office: office.into() }
    }
}

/// A two-factor method of the front office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum TwoFactorMethod {
    /// A code from Google Authenticator, or from any other TOTP app.
    Google,
    /// A code sent to the client's phone.
    Sms,
}

impl From<TwoFactorMethod> for rust::TwoFactorMethod {
    fn from(method: TwoFactorMethod) -> Self {
        match method {
            TwoFactorMethod::Google => Self::Google,
            TwoFactorMethod::Sms => Self::Sms,
        }
    }
}

impl From<rust::TwoFactorMethod> for TwoFactorMethod {
    fn from(method: rust::TwoFactorMethod) -> Self {
        match method {
            rust::TwoFactorMethod::Google => Self::Google,
            rust::TwoFactorMethod::Sms => Self::Sms,
        }
    }
}

/// A two-factor method that the client can choose.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct MethodOption {
    /// The method.
    pub method: TwoFactorMethod,
    /// The host's caption for it, in the client's language; null if the host gave none.
    pub caption: Option<String>,
}

// The caption is the host's text and may carry a part of a phone number.
redacted!(MethodOption, |option, f| write!(f, "MethodOption({:?})", option.method));

impl From<&rust::MethodOption> for MethodOption {
    fn from(option: &rust::MethodOption) -> Self {
        Self { method: option.method.into(), caption: option.caption.clone() }
    }
}

/// What the wizard says about the sign-in page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct WizardInfo {
    /// The credentials step requires a reCAPTCHA response.
    pub recaptcha_required: bool,
    /// The host offers a QR code; null if unknown.
    pub qr_available: Option<bool>,
    /// The host offers to recover a forgotten password; null if unknown.
    pub password_recovery_available: Option<bool>,
}

impl From<rust::WizardInfo> for WizardInfo {
    fn from(info: rust::WizardInfo) -> Self {
        let rust::WizardInfo { recaptcha_required, qr_available, password_recovery_available } = info;
        Self { recaptcha_required, qr_available, password_recovery_available }
    }
}
