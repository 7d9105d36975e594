//! What may be shown of a user.

use std::fmt;

use serde::Serialize;

use super::{Method, Office};

/// A user as tools and demos list it: no password, and the otpauth URL (which holds the TOTP secret) only on request.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct UserInfo {
    /// The e-mail to sign in with.
    pub email: String,
    /// The office the user belongs to.
    pub office: Office,
    /// The second factors of a front-office user.
    pub methods: Vec<Method>,
    /// Whether a back-office user is sent a code by mail at sign-in.
    pub mailed_code: bool,
    /// Whether the next sign-in leads to a new password.
    pub force_reset: bool,
    /// The id that tokens carry as `sub`.
    pub client_id: u64,
    /// The phone that SMS codes go to.
    pub phone: Option<String>,
    #[serde(rename = "otpauth")]
    pub(super) otpauth_url: Option<String>,
}

impl UserInfo {
    /// The URL to enrol an authenticator app with, for users with the `google` method. Contains the secret.
    pub fn otpauth_url(&self) -> Option<&str> {
        self.otpauth_url.as_deref()
    }
}

impl fmt::Debug for UserInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { email, office, methods, mailed_code, force_reset, client_id, phone, otpauth_url: _ } =
            self;
        f.debug_struct("UserInfo")
            .field("email", email)
            .field("office", office)
            .field("methods", methods)
            .field("mailed_code", mailed_code)
            .field("force_reset", force_reset)
            .field("client_id", client_id)
            .field("phone", phone)
            .finish_non_exhaustive()
    }
}
