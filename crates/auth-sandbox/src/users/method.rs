//! The second factors.

use serde::Serialize;

/// A second factor of the front office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// A code from an authenticator app (TOTP).
    Google,
    /// A code sent to the phone.
    Sms,
}

impl Method {
    /// Both methods, in the order the vendor's samples list them.
    pub const ALL: [Self; 2] = [Self::Sms, Self::Google];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Sms => "sms",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}
