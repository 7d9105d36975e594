//! Two-factor methods, and what a wizard says of itself.

use std::{fmt, str::FromStr};

/// A two-factor method of the front office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TwoFactorMethod {
    /// A code from the Google Authenticator app, or any other that does TOTP.
    Google,
    /// A code sent to the client's phone.
    Sms,
}

impl TwoFactorMethod {
    /// `google` or `sms`, as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Sms => "sms",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        name.trim().to_ascii_lowercase().parse().ok()
    }
}

impl fmt::Display for TwoFactorMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a method is google or sms")]
pub struct UnknownMethod;

impl FromStr for TwoFactorMethod {
    type Err = UnknownMethod;

    fn from_str(text: &str) -> Result<Self, UnknownMethod> {
        match text {
            "google" => Ok(Self::Google),
            "sms" => Ok(Self::Sms),
            _ => Err(UnknownMethod),
        }
    }
}

/// A method that the client may use, with the host's name for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodOption {
    /// The method.
    pub method: TwoFactorMethod,
    /// `localizedCaption`: what to show, in the language asked for.
    pub caption: Option<String>,
}

impl MethodOption {
    pub(crate) fn both() -> Vec<Self> {
        [TwoFactorMethod::Google, TwoFactorMethod::Sms].map(|method| Self { method, caption: None }).to_vec()
    }
}

/// What a wizard's start says about the sign-in page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WizardInfo {
    /// The credentials step demands a reCAPTCHA response.
    pub recaptcha_required: bool,
    /// `is_qr_available`, if told.
    pub qr_available: Option<bool>,
    /// `is_password_recovery_available`, if told.
    pub password_recovery_available: Option<bool>,
}
