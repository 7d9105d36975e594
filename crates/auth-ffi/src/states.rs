//! Who is signed in, as something to watch: pulled, so that nothing of the app runs on a thread of ours, and a slow reader
//! gets the newest state only.

use crate::{AuthError, CancelToken, cancel::until_cancelled, print::redacted};
use auth_client as rust;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Whether somebody is signed in.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum AuthState {
    /// Nobody.
    SignedOut,
    /// This account.
    SignedIn {
        /// The e-mail that signed in.
        account: String,
    },
    /// This account, but the host does not refresh its session any more: the token may still serve for a while, then the
    /// user has to sign in.
    ReauthenticationRequired {
        /// The e-mail that signed in.
        account: String,
    },
    /// The store cannot say now. This is never "signed out".
    Unavailable,
}

// The account is an e-mail.
redacted!(AuthState, |state, f| f.write_str(match state {
    AuthState::SignedOut => "SignedOut",
    AuthState::SignedIn { .. } => "SignedIn(..)",
    AuthState::ReauthenticationRequired { .. } => "ReauthenticationRequired(..)",
    AuthState::Unavailable => "Unavailable",
}));

impl From<rust::AuthState> for AuthState {
    fn from(state: rust::AuthState) -> Self {
        match state {
            rust::AuthState::SignedOut => Self::SignedOut,
            rust::AuthState::SignedIn { account } => Self::SignedIn { account },
            rust::AuthState::ReauthenticationRequired { account } => {
                Self::ReauthenticationRequired { account }
            }
            rust::AuthState::Unavailable => Self::Unavailable,
        }
    }
}

/// Why a state is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum StateReason {
    /// The store said so.
    Stored,
    /// A sign-in succeeded here.
    SignedIn,
    /// The tokens were refreshed here.
    Refreshed,
    /// Another process refreshed the tokens, signed in, or took the session over.
    ChangedElsewhere,
    /// Somebody signed out here.
    SignedOut,
    /// The session was signed out by another process.
    SignedOutElsewhere,
    /// The host has ended the session.
    EndedByHost,
    /// The refresh token was past its time.
    Expired,
    /// The host refused to refresh the session, without saying that it is over.
    Refused,
    /// The store could not be read.
    StoreUnavailable,
}

impl From<rust::StateReason> for StateReason {
    fn from(reason: rust::StateReason) -> Self {
        match reason {
            rust::StateReason::Stored => Self::Stored,
            rust::StateReason::SignedIn => Self::SignedIn,
            rust::StateReason::Refreshed => Self::Refreshed,
            rust::StateReason::ChangedElsewhere => Self::ChangedElsewhere,
            rust::StateReason::SignedOut => Self::SignedOut,
            rust::StateReason::SignedOutElsewhere => Self::SignedOutElsewhere,
            rust::StateReason::EndedByHost => Self::EndedByHost,
            rust::StateReason::Expired => Self::Expired,
            rust::StateReason::Refused => Self::Refused,
            rust::StateReason::StoreUnavailable => Self::StoreUnavailable,
        }
    }
}

/// A state and its reason.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct StateChange {
    /// The state from now on.
    pub state: AuthState,
    /// Why.
    pub reason: StateReason,
}

redacted!(StateChange, |change, f| write!(f, "{}, {:?}", change.state, change.reason));

/// The states of one office's account, one after the other. The first one is read from the store.
#[derive(uniffi::Object)]
pub struct AuthStateChanges {
    inner: Mutex<rust::AuthStateChanges>,
}

impl AuthStateChanges {
    pub(crate) fn of(inner: rust::AuthStateChanges) -> Arc<Self> {
        Arc::new(Self { inner: Mutex::new(inner) })
    }
}

#[uniffi::export]
impl AuthStateChanges {
    /// The next state: at once the first time, then whenever it has changed. A cancel loses nothing.
    #[uniffi::method(default(cancel = None))]
    pub async fn next(&self, cancel: Option<Arc<CancelToken>>) -> Result<StateChange, AuthError> {
        until_cancelled(cancel, async {
            let rust::StateChange { state, reason } = self.inner.lock().await.next().await;
            Ok(StateChange { state: state.into(), reason: reason.into() })
        })
        .await
    }
}
