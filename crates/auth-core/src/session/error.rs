//! Why a session could not give or refresh its token.

use crate::{CallError, Recovery, ServerMessage, ports::StoreError};
use std::time::Duration;

/// The session is not there, is over, or cannot be reached now. Only the first three are a sign-out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SessionError {
    /// Nobody is signed in.
    #[error("not signed in")]
    NotSignedIn,
    /// The host has ended the session, or its refresh token is past its time.
    #[error("the session has ended; sign in again")]
    Ended,
    /// The host refused to refresh the session, without saying that it is over. The record is kept.
    #[error("the host rejected to refresh the session; sign in again")]
    ReauthenticationRequired {
        /// The host's own words.
        server_message: ServerMessage,
    },
    /// The host failed a short while ago, or asked to be left alone, so it was not asked again. The session is kept.
    #[error("the host failed a moment ago and is left alone; try again later")]
    BackingOff {
        /// How long it is left alone.
        retry_after: Duration,
    },
    /// The call brought no usable answer. The session is kept.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The host refreshed the session, but the new tokens could not be kept.
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

    /// The host's own words, if it said something for a person.
    pub fn server_message(&self) -> Option<&ServerMessage> {
        match self {
            Self::ReauthenticationRequired { server_message } => Some(server_message),
            _ => None,
        }
    }
}
