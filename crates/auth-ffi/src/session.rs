//! A signed-in account.

use crate::{AuthError, CancelToken, Office, SignedOut, cancel::until_cancelled, runtime::runtime};
use auth_client::{RequestError, secret::AccessToken};
use std::{sync::Arc, time::Duration};

/// A signed-in account: its token, and the way out.
#[derive(uniffi::Object)]
pub struct Session {
    pub(crate) inner: auth_client::Session,
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
    pub fn is_expired(&self) -> bool {
        self.inner.is_expired()
    }

    /// The access token's end by the host's clock, in seconds since 1970, if told.
    pub fn access_expires_at_epoch_seconds(&self) -> Option<i64> {
        self.inner.access_expires_at().map(|at| at.as_second())
    }

    /// The refresh token's end by the host's clock, in seconds since 1970, if told.
    pub fn refresh_expires_at_epoch_seconds(&self) -> Option<i64> {
        self.inner.refresh_expires_at().map(|at| at.as_second())
    }

    /// The access token if it can be used now, without a wait: for code that cannot wait, such as an interceptor of an
    /// HTTP client. A refresh that is due begins meanwhile. Null is no error: `access_token` refreshes, or says what is
    /// the matter.
    pub fn cached_access_token(&self) -> Option<String> {
        let _inside = runtime().enter();
        self.inner.cached_access_token().map(|token| token.expose().to_owned())
    }

    /// A token that can be used now. While the old one serves, it is given at once and a refresh that is due goes on in
    /// the background; once it is over, the refresh is waited for. Do not keep it: ask again.
    #[uniffi::method(default(cancel = None))]
    pub async fn access_token(&self, cancel: Option<Arc<CancelToken>>) -> Result<String, AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.access_token().await?.expose().to_owned()) }).await
    }

    /// A token with at least so much time left, as far as its life allows: for work that takes a while. Where the refresh
    /// fails and the old token still serves, that one is given.
    #[uniffi::method(default(cancel = None))]
    pub async fn access_token_with_min_ttl(
        &self,
        seconds: u32,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<String, AuthError> {
        let min_ttl = Duration::from_secs(seconds.into());
        until_cancelled(cancel, async {
            Ok(self.inner.access_token_with_min_ttl(min_ttl).await?.expose().to_owned())
        })
        .await
    }

    /// For a token that a host has refused (HTTP 401): gives one that was refreshed meanwhile, or refreshes. A token that has
    /// just come from the host is given again: what refused it refuses the user, and another one would be refused too.
    #[uniffi::method(default(cancel = None))]
    pub async fn replace_rejected_token(
        &self,
        refused: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<String, AuthError> {
        let refused = AccessToken::new(refused);
        until_cancelled(cancel, async {
            Ok(self.inner.replace_rejected_token(&refused).await?.expose().to_owned())
        })
        .await
    }

    /// Refreshes the pair now, also where the host has refused before. If somebody else has just done so, that pair is taken
    /// over. The work goes on if the call is cancelled.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.refresh().await?) }).await
    }

    /// Keeps the token fresh until it is cancelled, with nobody asking for it. Throws when nothing but a new sign-in helps,
    /// and says why.
    #[uniffi::method(default(cancel = None))]
    pub async fn auto_refresh(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async {
            let over = self.inner.auto_refresh().await;
            Err(RequestError { cause: over, correlation_id: None }.into())
        })
        .await
    }

    /// Waits for a refresh under way, if there is one.
    #[uniffi::method(default(cancel = None))]
    pub async fn wait_for_refresh(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async {
            self.inner.wait_for_refresh().await;
            Ok(())
        })
        .await
    }

    /// Signs out: tokens and pending step are removed here first, then the host is notified.
    #[uniffi::method(default(cancel = None))]
    pub async fn sign_out(&self, cancel: Option<Arc<CancelToken>>) -> Result<SignedOut, AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.clone().sign_out().await?.into()) }).await
    }
}
