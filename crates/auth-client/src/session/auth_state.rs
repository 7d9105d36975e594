//! Who is signed in, why, and whether host and store can be reached: the values that [`AuthStateChanges`](super::AuthStateChanges)
//! gives.

use auth_core::session::SessionEndReason;

/// Whether somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthState {
    /// Nobody is signed in.
    SignedOut,
    /// This account is signed in.
    SignedIn {
        /// The e-mail that signed in.
        account: String,
    },
    /// This account is signed in, but the host does not refresh its session any more: the access token may still be good for a
    /// while, then the user has to sign in.
    ReauthenticationRequired {
        /// The e-mail that signed in.
        account: String,
    },
    /// The store cannot be read now. This never means "signed out".
    Unavailable,
}

/// Why a state is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateReason {
    /// It was read from the store.
    Stored,
    /// A sign-in succeeded here.
    SignedIn,
    /// The tokens were refreshed here.
    Refreshed,
    /// Another process refreshed the tokens, or somebody signed in there.
    ChangedElsewhere,
    /// Somebody signed out here.
    SignedOut,
    /// Another process signed the session out.
    SignedOutElsewhere,
    /// The host has ended the session.
    EndedByHost,
    /// The refresh token has expired.
    Expired,
    /// The host refused to refresh the session, without saying that it is over.
    Refused,
    /// The store could not be read or written.
    StoreUnavailable,
    /// The host could not be reached, or failed, when the tokens were to be refreshed. The session is kept.
    HostUnavailable,
    /// The host or the store answers again.
    Recovered,
}

/// Whether the host and the store could be reached when they were last needed. It changes with what happens, not by polling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// Nothing failed.
    #[default]
    Healthy,
    /// The host could not be reached, or failed: a token that expires now cannot be refreshed.
    HostUnavailable,
    /// The store could not be read or written: nothing can be refreshed or saved.
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
            Self::HostUnavailable => "host_unavailable",
            Self::Recovered => "recovered",
        }
    }
}

impl From<SessionEndReason> for StateReason {
    fn from(reason: SessionEndReason) -> Self {
        match reason {
            SessionEndReason::Expired => Self::Expired,
            _ => Self::EndedByHost,
        }
    }
}

impl Health {
    /// A stable name: `healthy`, `host_unavailable`, `store_unavailable`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::HostUnavailable => "host_unavailable",
            Self::StoreUnavailable => "store_unavailable",
        }
    }

    /// The reason of a change to this.
    pub(super) fn reason(self) -> StateReason {
        match self {
            Self::Healthy => StateReason::Recovered,
            Self::HostUnavailable => StateReason::HostUnavailable,
            Self::StoreUnavailable => StateReason::StoreUnavailable,
        }
    }
}

/// A state, its reason, and whether host and store can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// The state from now on.
    pub state: AuthState,
    /// Why.
    pub reason: StateReason,
    /// Whether the host and the store could be reached when they were last needed.
    pub health: Health,
}
