//! The display: the states of its QR sign-in. They are pulled, as the changes of the authentication state are.

use super::QrCode;
use crate::{AuthError, CancelToken, Session, cancel::until_cancelled};
use auth_client::secret::AuthorizationToken;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A QR sign-in of this display. It runs from the first read of its states on, until it has ended, is cancelled, or this
/// object and all its streams are freed. One that was given up stays given up: tokens that still come are revoked.
#[derive(uniffi::Object)]
pub struct QrSignIn {
    inner: auth_client::QrSignIn,
}

impl QrSignIn {
    pub(crate) fn of(inner: auth_client::QrSignIn) -> Arc<Self> {
        Arc::new(Self { inner })
    }
}

#[uniffi::export]
impl QrSignIn {
    /// The states, from the newest one on. Each reader has its own stream, and misses none.
    pub fn states(&self) -> Arc<QrStates> {
        Arc::new(QrStates { inner: Mutex::new(self.inner.states()) })
    }

    /// Hands over an authorization token that came in another way than by the live channel: it is exchanged for the code that
    /// is shown now.
    pub fn complete(&self, authorization_token: String) -> Result<(), AuthError> {
        Ok(self.inner.complete(AuthorizationToken::new(authorization_token))?)
    }

    /// Ends it: nobody is signed in by it any more, and the streams end.
    pub fn cancel(&self) {
        self.inner.cancel();
    }
}

/// Where a QR sign-in is.
#[derive(uniffi::Enum)]
pub enum QrState {
    /// The first code is to be shown.
    Shown {
        /// The code.
        code: Arc<QrCode>,
    },
    /// Another code is to be shown; the last one is not usable any more.
    Renewed {
        /// The code.
        code: Arc<QrCode>,
    },
    /// The code was approved. It is exchanged now, and must not be shown any more.
    Approved,
    /// Whoever scanned the code declined. This is the end.
    Declined,
    /// The code must not be shown any more. The next one follows by itself.
    Expired {
        /// Why.
        reason: QrExpiry,
    },
    /// The approval was exchanged, and the session is saved. This is the end.
    SignedIn {
        /// The session.
        session: Arc<Session>,
    },
    /// The host has no QR sign-in, or it is switched off. This is the end.
    NotAvailable,
}

impl From<auth_client::QrState> for QrState {
    fn from(state: auth_client::QrState) -> Self {
        use auth_client::QrState as Rust;
        match state {
            Rust::Shown(code) => Self::Shown { code: QrCode::of(code) },
            Rust::Renewed(code) => Self::Renewed { code: QrCode::of(code) },
            Rust::Approved => Self::Approved,
            Rust::Declined => Self::Declined,
            Rust::Expired(reason) => Self::Expired { reason: reason.into() },
            Rust::SignedIn(inner) => Self::SignedIn { session: Arc::new(Session { inner }) },
            Rust::NotAvailable => Self::NotAvailable,
        }
    }
}

/// Why a code is not usable any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum QrExpiry {
    /// Its lifetime is over.
    Lifetime,
    /// The host said so.
    Host,
    /// The connection to the live channel was interrupted, so that an approval may have been missed.
    ConnectionLost,
    /// It was approved, and the approval had expired before it could be exchanged.
    Late,
}

impl From<auth_client::QrExpiry> for QrExpiry {
    fn from(reason: auth_client::QrExpiry) -> Self {
        use auth_client::QrExpiry as Rust;
        match reason {
            Rust::Lifetime => Self::Lifetime,
            Rust::Host => Self::Host,
            Rust::ConnectionLost => Self::ConnectionLost,
            Rust::Late => Self::Late,
        }
    }
}

/// The states of a QR sign-in, for one reader.
#[derive(uniffi::Object)]
pub struct QrStates {
    inner: Mutex<auth_client::QrStates>,
}

#[uniffi::export]
impl QrStates {
    /// Waits for the next state; null after the last one. No state is lost when the call is cancelled.
    ///
    /// # Errors
    /// Why the sign-in has ended. No other state follows.
    #[uniffi::method(default(cancel = None))]
    pub async fn next(&self, cancel: Option<Arc<CancelToken>>) -> Result<Option<QrState>, AuthError> {
        until_cancelled(cancel, async {
            let state = self.inner.lock().await.next().await;
            Ok(state.transpose()?.map(QrState::from))
        })
        .await
    }
}
