//! The authentication state and its changes. They are pulled, not pushed: no code of the app runs on a thread of ours, and
//! a slow reader gets the newest state only.

use crate::{AuthError, CancelToken, cancel::until_cancelled, print::redacted};
use auth_client as rust;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Whether a user is signed in.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum AuthState {
    /// Nobody is signed in.
    SignedOut,
    /// This account is signed in.
    SignedIn {
        /// The account's e-mail.
        account: String,
    },
    /// This account is signed in, but the host refuses to refresh its session. The access token may still be usable for a
    /// while; then the user has to sign in again.
    ReauthenticationRequired {
        /// The account's e-mail.
        account: String,
    },
    /// The store cannot be read now. It does not mean "signed out".
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

/// The reason of a state change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum StateReason {
    /// Read from the store.
    Stored,
    /// A sign-in succeeded in this process.
    SignedIn,
    /// The tokens were refreshed in this process.
    Refreshed,
    /// Another process refreshed the tokens, signed in, or replaced the session.
    ChangedElsewhere,
    /// This process signed out.
    SignedOut,
    /// Another process signed out.
    SignedOutElsewhere,
    /// The host has ended the session.
    EndedByHost,
    /// The refresh token has expired.
    Expired,
    /// The host refused to refresh the session, but did not say that the session has ended.
    Refused,
    /// The store could not be read or written.
    StoreUnavailable,
    /// The host could not be reached, or failed, when the tokens were to be refreshed. The session is kept.
    HostUnavailable,
    /// The host or the store answers again.
    Recovered,
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
            rust::StateReason::HostUnavailable => Self::HostUnavailable,
            rust::StateReason::Recovered => Self::Recovered,
        }
    }
}

/// Whether the host and the store could be reached when they were last needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Health {
    /// Nothing failed.
    Healthy,
    /// The host could not be reached, or failed: a token that expires now cannot be refreshed.
    HostUnavailable,
    /// The store could not be read or written: nothing can be refreshed or saved.
    StoreUnavailable,
}

impl From<rust::Health> for Health {
    fn from(health: rust::Health) -> Self {
        match health {
            rust::Health::Healthy => Self::Healthy,
            rust::Health::HostUnavailable => Self::HostUnavailable,
            rust::Health::StoreUnavailable => Self::StoreUnavailable,
        }
    }
}

/// A state, its reason, and whether host and store can be reached.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct StateChange {
    /// The new state.
    pub state: AuthState,
    /// Its reason.
    pub reason: StateReason,
    /// Whether the host and the store could be reached when they were last needed.
    pub health: Health,
}

redacted!(StateChange, |change, f| write!(f, "{}, {:?}, {:?}", change.state, change.reason, change.health));

/// The state changes of one office's account. The first state is read from the store.
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
    /// Waits for the next state: the first call returns the current one, later calls wait for a change. No state is lost when
    /// the call is cancelled.
    #[uniffi::method(default(cancel = None))]
    pub async fn next(&self, cancel: Option<Arc<CancelToken>>) -> Result<StateChange, AuthError> {
        until_cancelled(cancel, async {
            let rust::StateChange { state, reason, health } = self.inner.lock().await.next().await;
            Ok(StateChange { state: state.into(), reason: reason.into(), health: health.into() })
        })
        .await
    }
}
