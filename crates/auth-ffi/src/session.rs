//! The session of a signed-in account.

use crate::{
    AuthError, CancelToken, Office, SignedOut,
    cancel::{Boxed, Call, until_cancelled},
    ports::wait_for_process_locks,
    runtime::inside,
    sign_out::signed_out,
};
use auth_client::{RequestError, SessionError, secret::AccessToken};
use std::{sync::Arc, time::Duration};

/// The session of a signed-in account: gives access tokens, refreshes them, and signs out.
#[derive(PartialEq, Eq, Hash, uniffi::Object)]
#[uniffi::export(Eq, Hash)]
pub struct Session {
    pub(crate) inner: auth_client::Session,
}

fn token<'a>(
    cancel: Option<Arc<CancelToken>>,
    call: Boxed<'a, Result<AccessToken, RequestError<SessionError>>>,
) -> Call<'a, String> {
    until_cancelled(cancel, async { Ok(call.await?.expose().to_owned()) })
}

#[uniffi::export]
impl Session {
    /// The office of this session.
    pub fn office(&self) -> Office {
        self.inner.office().into()
    }

    /// The host that issued the tokens, with its base path: the base URL of a [`TokenScope`](crate::TokenScope).
    pub fn host(&self) -> String {
        self.inner.host().to_string()
    }

    /// The account's e-mail.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// The host's id of the client, if the host gave one.
    pub fn client_id(&self) -> Option<String> {
        self.inner.client_id().map(str::to_owned)
    }

    /// True if both tokens have expired by this device's clock. The user has to sign in again.
    pub fn is_expired(&self) -> bool {
        self.inner.is_expired()
    }

    /// When the access token expires by the host's clock, in seconds since 1970; null if unknown.
    pub fn access_expires_at_epoch_seconds(&self) -> Option<i64> {
        self.inner.access_expires_at().map(|at| at.as_second())
    }

    /// When the refresh token expires by the host's clock, in seconds since 1970; null if unknown.
    pub fn refresh_expires_at_epoch_seconds(&self) -> Option<i64> {
        self.inner.refresh_expires_at().map(|at| at.as_second())
    }

    /// The cached access token, if it is usable. It never waits, so it suits code that must not, such as an interceptor of
    /// an HTTP client. If a refresh is due, it starts one in the background. Null is no error: call `access_token`, which
    /// refreshes or throws the reason.
    pub fn cached_access_token(&self) -> Option<String> {
        let _inside = inside();
        self.inner.cached_access_token().map(|token| token.expose().to_owned())
    }

    /// A usable access token. While the cached token is usable, it is returned at once, and a refresh that is due runs in the
    /// background. Once the cached token has expired, the call waits for the refresh. Do not store the token: ask for it
    /// each time.
    #[uniffi::method(default(cancel = None))]
    pub async fn access_token(&self, cancel: Option<Arc<CancelToken>>) -> Result<String, AuthError> {
        token(cancel, Box::pin(self.inner.access_token())).await
    }

    /// An access token that is valid for at least `seconds` more, as far as the token's lifetime allows: for work that takes a
    /// while. If the refresh fails and the cached token is still usable, that one is returned.
    #[uniffi::method(default(cancel = None))]
    pub async fn access_token_with_min_ttl(
        &self,
        seconds: u32,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<String, AuthError> {
        let min_ttl = Duration::from_secs(seconds.into());
        token(cancel, Box::pin(self.inner.access_token_with_min_ttl(min_ttl))).await
    }

    /// Replaces an access token that was rejected with HTTP 401. Returns a newer token if there is one, and refreshes
    /// otherwise. A token that was issued less than 30 seconds ago, or less than a tenth of its lifetime if that is shorter, is
    /// returned again: a new one would be rejected for the same reason.
    #[uniffi::method(default(cancel = None))]
    pub async fn replace_rejected_token(
        &self,
        rejected: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<String, AuthError> {
        let rejected = AccessToken::new(rejected);
        token(cancel, Box::pin(self.inner.replace_rejected_token(&rejected))).await
    }

    /// Refreshes the tokens now, even if the host has refused a refresh before. If another process has just refreshed them,
    /// its tokens are used. A refresh that has begun continues if the call is cancelled.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.refresh().await?) }).await
    }

    /// Refreshes the tokens in the background, ahead of their expiry, until the call is cancelled. Throws the reason when the
    /// user has to sign in again.
    #[uniffi::method(default(cancel = None))]
    pub async fn auto_refresh(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async {
            let cause = self.inner.auto_refresh().await;
            Err(RequestError::from(cause).into())
        })
        .await
    }

    /// Waits for the refresh in flight, if there is one, and until this process has given back the locks between processes that it
    /// holds (for 15 seconds at most, if an app's lock does not answer).
    #[uniffi::method(default(cancel = None))]
    pub async fn wait_for_refresh(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async {
            self.inner.wait_for_refresh().await;
            wait_for_process_locks().await;
            Ok(())
        })
        .await
    }

    /// Signs out: removes the tokens and the pending step from the store, then asks the host to revoke the tokens. If the session
    /// was signed out before, there is nothing left to do: the result says `NothingToRevoke`.
    ///
    /// If the store cannot be used now, this throws `StoreUnavailable` and nobody is signed out: the session goes on, in memory and
    /// in the store, and the host is not asked. Call it again when the store can be used.
    #[uniffi::method(default(cancel = None))]
    pub async fn sign_out(&self, cancel: Option<Arc<CancelToken>>) -> Result<SignedOut, AuthError> {
        until_cancelled(cancel, async { signed_out(self.inner.clone().sign_out().await) }).await
    }
}
