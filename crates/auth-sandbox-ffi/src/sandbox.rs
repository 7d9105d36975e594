//! A running sandbox: where it is and what it has seen.

use std::sync::Arc;
use std::time::SystemTime;

use crate::{SandboxConfig, SandboxError, SandboxFault, SandboxMessage, SandboxRequest, SandboxUser, config};

/// A host in this process. It listens on a free port of 127.0.0.1 until it is stopped or freed.
#[derive(uniffi::Object)]
pub struct Sandbox {
    pub(crate) inner: auth_sandbox::Sandbox,
}

#[uniffi::export]
impl Sandbox {
    /// Starts one.
    ///
    /// # Errors
    /// If a setting cannot be used, or the system lacks ports, threads or random numbers.
    #[uniffi::constructor]
    pub fn new(config: SandboxConfig) -> Result<Arc<Self>, SandboxError> {
        Ok(Arc::new(Self { inner: config::start(config)? }))
    }

    /// `http://127.0.0.1:PORT`, or `https` under TLS, and the base path.
    pub fn url(&self) -> String {
        self.inner.url().to_owned()
    }

    /// The certificate to trust, as PEM; null without TLS.
    pub fn ca_pem(&self) -> Option<String> {
        self.inner.ca_pem().map(str::to_owned)
    }

    /// Who can sign in.
    pub fn users(&self) -> Vec<SandboxUser> {
        self.inner.users().into_iter().map(SandboxUser::from).collect()
    }

    /// All messages with codes so far, oldest first.
    pub fn outbox(&self) -> Vec<SandboxMessage> {
        self.inner.outbox().into_iter().map(SandboxMessage::from).collect()
    }

    /// The newest code that was sent to this user or phone; null if there is none.
    pub fn last_code(&self, to: &str) -> Option<String> {
        self.inner.last_code(to)
    }

    /// A code of this user's authenticator that is accepted now; null without one.
    pub fn totp_code(&self, email: &str) -> Option<String> {
        self.inner.totp_code(email)
    }

    /// The secret of this user's authenticator in base32; null without one.
    pub fn totp_secret(&self, email: &str) -> Option<String> {
        self.inner.totp_secret(email)
    }

    /// A code that is wrong for this user, whatever the second factor.
    pub fn wrong_code(&self, email: &str) -> String {
        self.inner.wrong_code(email)
    }

    /// All requests so far, oldest first.
    pub fn requests(&self) -> Vec<SandboxRequest> {
        self.inner.requests().into_iter().map(SandboxRequest::from).collect()
    }

    /// The faults that are set, those that are used up too, oldest first.
    pub fn faults(&self) -> Vec<SandboxFault> {
        self.inner.faults().into_iter().map(SandboxFault::from).collect()
    }

    /// The e-mail of whom this access token belongs to; null if it is not good any more.
    pub fn owner_of(&self, access_token: &str) -> Option<String> {
        self.inner.owner_of(access_token)
    }

    /// How many sign-ins still have a good token.
    pub fn unrevoked_sessions(&self) -> u32 {
        count(self.inner.unrevoked_sessions())
    }

    /// The sandbox's time.
    pub fn now(&self) -> SystemTime {
        self.inner.now().into()
    }

    /// Stops serving and closes all connections. What was recorded stays readable.
    pub fn stop(&self) {
        self.inner.stop();
    }
}

pub(crate) fn count(number: usize) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}
