//! Who is signed in, as something to watch.

use super::account::Account;
use crate::context::Context;
use auth_core::Office;
use std::sync::Arc;
use tokio::sync::watch;

/// Whether somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthState {
    /// Nobody.
    SignedOut,
    /// This account.
    SignedIn {
        /// The e-mail that signed in.
        account: String,
    },
    /// This account, but the host does not renew its session any more: the token may still serve for a while, then the
    /// user has to sign in.
    ReauthenticationRequired {
        /// The e-mail that signed in.
        account: String,
    },
    /// The store cannot say now. This is never "signed out".
    Unavailable,
}

/// Why a state is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateReason {
    /// The store said so.
    Stored,
    /// A sign-in succeeded here.
    SignedIn,
    /// The tokens were renewed here.
    Refreshed,
    /// Another process renewed the tokens, signed in, or took the session over.
    ChangedElsewhere,
    /// Somebody signed out here.
    SignedOut,
    /// The session was signed out by another process.
    SignedOutElsewhere,
    /// The host has ended the session.
    EndedByHost,
    /// The refresh token was past its time.
    Expired,
    /// The host refused to renew the session, without saying that it is over.
    Refused,
    /// The store could not be read.
    StoreUnavailable,
}

impl AuthState {
    /// A stable name: `signed_out`, `signed_in`, `reauthentication_required`, `unavailable`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::SignedIn { .. } => "signed_in",
            Self::ReauthenticationRequired { .. } => "reauthentication_required",
            Self::Unavailable => "unavailable",
        }
    }
}

impl StateReason {
    /// A stable name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::SignedIn => "signed_in",
            Self::Refreshed => "refreshed",
            Self::ChangedElsewhere => "changed_elsewhere",
            Self::SignedOut => "signed_out",
            Self::SignedOutElsewhere => "signed_out_elsewhere",
            Self::EndedByHost => "ended_by_host",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::StoreUnavailable => "store_unavailable",
        }
    }
}

/// A state and its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// The state from now on.
    pub state: AuthState,
    /// Why.
    pub reason: StateReason,
}

/// The states of one account, one after the other. The first one is read from the store. Whoever asks seldom gets the
/// newest one only.
pub struct AuthStateChanges {
    context: Arc<Context>,
    office: Office,
    changes: watch::Receiver<Option<StateChange>>,
    begun: bool,
}

impl AuthStateChanges {
    pub(crate) fn of(context: Arc<Context>, office: Office) -> Self {
        let changes = context.account(office).changes();
        Self { context, office, changes, begun: false }
    }

    /// The next state: at once the first time, then whenever it has changed. Dropping the future loses nothing.
    pub async fn next(&mut self) -> StateChange {
        if !self.begun {
            let first = self.first().await;
            self.begun = true;
            return first;
        }
        // The sender lives in the context that is held here.
        let _closed = self.changes.changed().await;
        let newest = self.changes.borrow_and_update().clone();
        newest.unwrap_or(StateChange { state: AuthState::Unavailable, reason: StateReason::StoreUnavailable })
    }

    async fn first(&mut self) -> StateChange {
        self.changes.mark_unchanged();
        let state = match super::load(&self.context, self.office).await {
            Ok(Some(session)) => Account::state_of(&session.own),
            Ok(None) => AuthState::SignedOut,
            Err(error) => {
                tracing::warn!(error = error.kind(), "who is signed in cannot be server_message now");
                return StateChange { state: AuthState::Unavailable, reason: StateReason::StoreUnavailable };
            }
        };
        // Reading it may have told it; what was told since is the next change.
        let told = self.changes.borrow_and_update().clone();
        if told.is_some_and(|told| told.state != state) {
            self.changes.mark_changed();
        }
        StateChange { state, reason: StateReason::Stored }
    }
}
