//! A signed-in account.

use crate::{AuthError, CancelToken, Office, cancel::until_cancelled, print::redacted};
use std::sync::Arc;

/// A signed-in account: its token, and the way out.
#[derive(uniffi::Object)]
pub struct Session {
    pub(crate) inner: auth_client::Session,
}

/// Nobody is signed in here any more.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SignedOut {
    /// Whose session it was; none if only a sign-in was pending.
    pub account: Option<String>,
    /// True if the host has revoked the tokens; otherwise they live on until they expire.
    pub revoked: bool,
}

redacted!(SignedOut, |out, f| write!(f, "SignedOut(revoked: {})", out.revoked));

impl From<auth_client::SignedOut> for SignedOut {
    fn from(signed_out: auth_client::SignedOut) -> Self {
        let revoked = signed_out.host == auth_client::HostTold::Yes;
        Self { account: signed_out.account, revoked }
    }
}

#[uniffi::export]
impl Session {
    /// The office that was signed in to.
    pub fn office(&self) -> Office {
        self.inner.office().into()
    }

    /// The e-mail that signed in.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// The host's id of the client, where it told.
    pub fn client_id(&self) -> Option<String> {
        self.inner.client_id().map(str::to_owned)
    }

    /// True if both tokens are past their time by this device's clock: only a new sign-in helps.
    pub fn has_ended(&self) -> bool {
        self.inner.has_ended()
    }

    /// The access token's end by the host's clock, in seconds since 1970, if told.
    pub fn access_expires_at_epoch_seconds(&self) -> Option<i64> {
        self.inner.access_expires_at().map(|at| at.as_second())
    }

    /// The refresh token's end by the host's clock, in seconds since 1970, if told.
    pub fn refresh_expires_at_epoch_seconds(&self) -> Option<i64> {
        self.inner.refresh_expires_at().map(|at| at.as_second())
    }

    /// A token that can be used now; one that is about to end is renewed first. Do not keep it: ask again.
    #[uniffi::method(default(cancel = None))]
    pub async fn access_token(&self, cancel: Option<Arc<CancelToken>>) -> Result<String, AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.access_token().await?.expose().to_owned()) }).await
    }

    /// Renews the pair now.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.refresh().await?) }).await
    }

    /// Signs out: tokens and pending step are removed here first, then the host is told.
    #[uniffi::method(default(cancel = None))]
    pub async fn sign_out(&self, cancel: Option<Arc<CancelToken>>) -> Result<SignedOut, AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.clone().sign_out().await?.into()) }).await
    }
}
