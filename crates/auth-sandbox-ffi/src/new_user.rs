//! A user of a test's own.

use auth_sandbox::{Sandbox, UsersError};
use serde::Serialize;

use crate::{SandboxError, SandboxOffice, print::redacted};

/// Somebody who can sign in.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct NewUser {
    /// The e-mail to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
    /// The office.
    pub office: SandboxOffice,
    /// Whether an authenticator app is a second factor. Front office only.
    #[uniffi(default = false)]
    pub google: bool,
    /// Whether a text message is a second factor. Front office only.
    #[uniffi(default = false)]
    pub sms: bool,
    /// The authenticator's secret in base32; null for one that is made up.
    #[uniffi(default = None)]
    pub totp_secret: Option<String>,
    /// The phone; null for one that is made up.
    #[uniffi(default = None)]
    pub phone: Option<String>,
    /// Whether the next sign-in leads to a new password. Front office only.
    #[uniffi(default = false)]
    pub force_reset: bool,
    /// Whether a code is mailed at sign-in. Back office only.
    #[uniffi(default = false)]
    pub mailed_code: bool,
}

redacted!(NewUser, |user, f| write!(f, "NewUser({:?})", user.office));

/// A users file with one user.
#[derive(Serialize)]
struct File<'a> {
    user: [Row<'a>; 1],
}

#[derive(Serialize)]
struct Row<'a> {
    email: &'a str,
    password: &'a str,
    office: &'static str,
    methods: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    totp_secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    force_reset: bool,
    mailed_code: bool,
}

impl NewUser {
    /// Adds the user to a sandbox, which checks the fields.
    pub(crate) fn add_to(&self, sandbox: &Sandbox) -> Result<(), SandboxError> {
        let methods = [(self.google, "google"), (self.sms, "sms")].into_iter();
        let row = Row {
            email: &self.email,
            password: &self.password,
            office: self.office.name(),
            methods: methods.filter_map(|(has, name)| has.then_some(name)).collect(),
            totp_secret: self.totp_secret.as_deref(),
            phone: self.phone.as_deref(),
            force_reset: self.force_reset,
            mailed_code: self.mailed_code,
        };
        let unusable = |_| SandboxError::Users { problem: "the user cannot be written as TOML".to_owned() };
        let text = toml::to_string(&File { user: [row] }).map_err(unusable)?;
        sandbox.add_users(&text).map_err(|error| SandboxError::Users { problem: without_line(&error) })
    }
}

/// What is wrong, without the line of a text that the caller has not written.
fn without_line(error: &UsersError) -> String {
    let text = error.to_string();
    match text.split_once(": ") {
        Some((line, problem)) if line.starts_with("line ") => problem.to_owned(),
        _ => text,
    }
}
