//! Who can sign in: the built-in users or those of a TOML file.

mod built_in;
mod error;
mod info;
mod password;
mod table;
mod toml_file;

pub use error::UsersError;
pub use info::UserInfo;
pub(crate) use password::PasswordHash;
use serde::Serialize;
pub use table::Users;
pub(crate) use table::{User, UserId};

/// The two doors of a host. A user, a token and a limit belong to one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Office {
    /// The clients' side, under `/api/v2/my`.
    Front,
    /// The broker's staff, under `/api/v2`.
    Back,
}

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
