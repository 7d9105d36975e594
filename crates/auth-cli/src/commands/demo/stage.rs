//! The demo's host, its clients, and what its users have at hand.

use crate::{failure::Failure, output};
use auth_client::{
    AuthClient, Credentials, Office, RequestError, Session, SignIn, SignInError, SignInStep,
    secret::{OneTimeCode, Password},
};
use auth_sandbox::Sandbox;

/// Every built-in user's password.
pub(super) const PASSWORD: &str = "Secret123";

pub(super) struct Stage {
    pub(super) sandbox: Sandbox,
}

impl Stage {
    pub(super) fn open() -> Result<Self, Failure> {
        let sandbox = Sandbox::start().map_err(|error| Failure::other("sandbox", error.to_string()))?;
        Ok(Self { sandbox })
    }

    pub(super) fn url(&self) -> &str {
        self.sandbox.url()
    }

    /// A client with a store of its own in memory: another device.
    pub(super) fn client(&self) -> Result<AuthClient, Failure> {
        AuthClient::builder(self.url()).build().map_err(|error| Failure::other("demo", error.to_string()))
    }

    /// A sign-in that has got past its password.
    pub(super) async fn past_password(&self, office: Office, email: &str) -> Result<SignIn, Failure> {
        let sign_in = self.client()?.sign_in(office);
        if let SignInStep::Start(start) = sign_in.current() {
            start.open().await?;
        }
        submit(&sign_in, email, PASSWORD).await?;
        Ok(sign_in)
    }

    /// What the user's authenticator app shows now.
    pub(super) fn app_code(&self, email: &str) -> Result<OneTimeCode, Failure> {
        let code = self.sandbox.totp_code(email);
        code.map(OneTimeCode::new).ok_or_else(|| Failure::other("demo", "the user has no authenticator"))
    }

    /// What has just arrived on the user's phone or in the mailbox.
    pub(super) fn sent_code(&self, email: &str) -> Result<OneTimeCode, Failure> {
        let code = self.sandbox.last_code(email);
        code.map(OneTimeCode::new).ok_or_else(|| Failure::other("demo", "the sandbox has sent no code"))
    }
}

/// Enters e-mail and password.
pub(super) async fn submit(
    sign_in: &SignIn,
    email: &str,
    password: &str,
) -> Result<SignInStep, RequestError<SignInError>> {
    match sign_in.current() {
        SignInStep::Credentials(form) => form.submit(Credentials::new(email, Password::new(password))).await,
        other => Ok(other),
    }
}

/// The session at the end of a sign-in.
pub(super) fn session(sign_in: &SignIn) -> Result<Session, Failure> {
    match sign_in.current() {
        SignInStep::SignedIn(session) => Ok(session),
        other => Err(Failure::other("demo", format!("the sign-in stands at {}", other.name()))),
    }
}

/// One line of the show.
pub(super) fn tell(what: &str, outcome: impl std::fmt::Display) -> Result<(), Failure> {
    say(format!("  {what:<34} {outcome}"))
}

/// A line of its own.
pub(super) fn say(text: impl std::fmt::Display) -> Result<(), Failure> {
    output::data(text).map_err(Failure::output)
}
