//! Small types, as both languages see them.

use crate::print::redacted;
use auth_client as rust;

/// Which part of the platform somebody signs in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Office {
    /// The client's side: a wizard with two-factor methods and forced reset.
    Front,
    /// The staff's side: password, then an e-mailed code where it is demanded.
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

/// One account's place in a store.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AccountKey {
    /// Which of several accounts kept side by side.
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
    /// A code from the Google Authenticator app, or any other that does TOTP.
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

/// A method that the client may use.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct MethodOption {
    /// The method.
    pub method: TwoFactorMethod,
    /// What to show, in the language asked for, where the host said so.
    pub caption: Option<String>,
}

// The caption is the host's text and may carry a part of a phone number.
redacted!(MethodOption, |option, f| write!(f, "MethodOption({:?})", option.method));

impl From<&rust::MethodOption> for MethodOption {
    fn from(option: &rust::MethodOption) -> Self {
        Self { method: option.method.into(), caption: option.caption.clone() }
    }
}

/// What a wizard's start says about the sign-in page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct WizardInfo {
    /// The credentials step demands a reCAPTCHA response.
    pub recaptcha_required: bool,
    /// A QR code can be offered, if told.
    pub qr_available: Option<bool>,
    /// A forgotten password can be recovered, if told.
    pub password_recovery_available: Option<bool>,
}

impl From<rust::WizardInfo> for WizardInfo {
    fn from(info: rust::WizardInfo) -> Self {
        let rust::WizardInfo { recaptcha_required, qr_available, password_recovery_available } = info;
        Self { recaptcha_required, qr_available, password_recovery_available }
    }
}
