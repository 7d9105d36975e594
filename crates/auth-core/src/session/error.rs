//! Why a session has no token to give, or could not be refreshed.

use crate::{CallError, Recovery, ServerMessage, ports::StoreError};
use std::time::Duration;

/// Why a session has no token to give, or could not be refreshed.
///
/// After the first three only a new sign-in helps. Of these, [`ReauthenticationRequired`](Self::ReauthenticationRequired) keeps
/// the record, and the access token is usable until it expires. All others keep the session.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Debug, thiserror::Error)]
pub enum SessionError {
    /// Nobody is signed in.
    #[error("not signed in")]
    NotSignedIn,
    /// The host has ended the session, or its refresh token has expired.
    #[error("the session has ended; sign in again")]
    Ended,
    /// The host refused to refresh the session, without ending it. The record is kept.
    #[error("the host rejected to refresh the session; sign in again")]
    ReauthenticationRequired {
        /// The host's message.
        server_message: ServerMessage,
    },
    /// A backoff is in force, after failures or because the host asked for it with `Retry-After`. No request was sent. The
    /// session is kept.
    #[error("the host failed a moment ago and is left alone; try again later")]
    BackingOff {
        /// How much of the backoff is left.
        retry_after: Duration,
    },
    /// The call brought no usable answer. The session is kept.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The host refreshed the session, but the new tokens could not be saved. They are usable in this process.
    #[error("the session was refreshed, but could not be saved: {0}")]
    NotSaved(#[source] StoreError),
}

impl SessionError {
    /// A stable name for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::Ended => "session_ended",
            Self::ReauthenticationRequired { .. } => "reauthentication_required",
            Self::BackingOff { .. } => "backing_off",
            Self::Call(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::NotSaved(_) => "not_saved",
        }
    }

    /// What the caller can do next.
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::NotSignedIn | Self::Ended | Self::ReauthenticationRequired { .. } => Recovery::SignInAgain,
            Self::BackingOff { retry_after } => Recovery::Retry { after: Some(*retry_after) },
            Self::Call(error) => error.recovery(),
            Self::Store(error) | Self::NotSaved(error) => error.recovery(),
        }
    }

    /// The host's message to the user, if it wrote one.
    pub fn server_message(&self) -> Option<&ServerMessage> {
        match self {
            Self::ReauthenticationRequired { server_message } => Some(server_message),
            Self::NotSignedIn
            | Self::Ended
            | Self::BackingOff { .. }
            | Self::Call(_)
            | Self::Store(_)
            | Self::NotSaved(_) => None,
        }
    }
}
