//! Why a QR sign-in did not go on, by role.

use super::ScanError;
use crate::{
    CallError, Recovery, ServerMessage,
    ports::{ChannelError, StoreError},
    session::SessionError,
};

/// Why a display was not signed in.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Debug, thiserror::Error)]
pub enum QrSignInError {
    /// The approval was used before this display could: somebody else may be signed in.
    #[error("somebody else has used this approval; look at the account's devices")]
    AuthorizationUsed {
        /// The host's message.
        server_message: ServerMessage,
    },
    /// The approval came too late.
    #[error("the approval has expired; show a new code")]
    AuthorizationExpired {
        /// The host's message.
        server_message: ServerMessage,
    },
    /// The host refuses this client.
    #[error("the host refused")]
    Refused {
        /// The host's message.
        server_message: ServerMessage,
    },
    /// No code is shown that this approval could be of.
    #[error("no code is shown, or it has expired")]
    NoCode,
    /// The live channel cannot be watched, so that no approval would arrive.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The call brought no usable answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The store refused before anything was sent.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The host signed the display in, but the tokens could not be saved.
    #[error("signed in, but the session could not be saved: {0}")]
    NotSaved(#[source] StoreError),
}

impl QrSignInError {
    /// A stable name for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AuthorizationUsed { .. } => "qr_authorization_used",
            Self::AuthorizationExpired { .. } => "qr_expired",
            Self::Refused { .. } => "refused",
            Self::NoCode => "qr_no_code",
            Self::Channel(error) => error.kind(),
            Self::Call(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::NotSaved(_) => "not_saved",
        }
    }

    /// What the caller can do next.
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::AuthorizationUsed { .. } | Self::Refused { .. } => Recovery::Report,
            Self::AuthorizationExpired { .. } | Self::NoCode => Recovery::Restart,
            Self::Channel(error) => error.recovery(),
            Self::Call(error) => error.recovery(),
            Self::Store(error) | Self::NotSaved(error) => error.recovery(),
        }
    }

    /// The host's message to the user, if it wrote one.
    pub fn server_message(&self) -> Option<&ServerMessage> {
        match self {
            Self::AuthorizationUsed { server_message }
            | Self::AuthorizationExpired { server_message }
            | Self::Refused { server_message } => Some(server_message),
            Self::NoCode | Self::Channel(_) | Self::Call(_) | Self::Store(_) | Self::NotSaved(_) => None,
        }
    }
}

/// Why a code was not approved or declined.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Debug, thiserror::Error)]
pub enum QrApprovalError {
    /// What was scanned cannot be approved. Nothing was sent.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// The host does not know the code, or its lifetime is over.
    #[error("the code has expired; scan a new one")]
    Expired {
        /// The host's message.
        server_message: ServerMessage,
    },
    /// The code was approved or declined before.
    #[error("this code was used before; scan a new one")]
    AlreadyUsed {
        /// The host's message.
        server_message: ServerMessage,
    },
    /// The host refuses.
    #[error("the host refused")]
    Refused {
        /// The host's message.
        server_message: ServerMessage,
    },
    /// The host has no QR sign-in, or it is switched off.
    #[error("the host has no QR sign-in")]
    NotAvailable,
    /// The host did not take the access token (HTTP 401), before it looked at the code.
    #[error("the host did not take the access token")]
    Unauthorized,
    /// The approver's session has no access token to give. Nothing was sent.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The approval was sent and no answer came: the other screen may be signed in. It is not sent again.
    #[error(
        "no answer to the approval; look at the other screen, and scan a new code if it is not signed in"
    )]
    Uncertain(#[source] CallError),
    /// The user was not there to confirm. Nothing was sent.
    #[error("the user did not confirm")]
    NotConfirmed,
    /// This context was approved or declined before.
    #[error("this code was decided on before")]
    AlreadyDecided,
    /// The call brought no usable answer, and nothing was approved.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl QrApprovalError {
    /// A stable name for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Scan(error) => error.kind(),
            Self::Expired { .. } => "qr_expired",
            Self::AlreadyUsed { .. } => "qr_already_used",
            Self::Refused { .. } => "refused",
            Self::NotAvailable => "not_available",
            Self::Unauthorized => "qr_unauthorized",
            Self::Session(error) => error.kind(),
            Self::Uncertain(_) => "qr_uncertain",
            Self::NotConfirmed => "qr_not_confirmed",
            Self::AlreadyDecided => "qr_already_decided",
            Self::Call(error) => error.kind(),
        }
    }

    /// What the caller can do next.
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::Scan(error) => error.recovery(),
            Self::Expired { .. } | Self::AlreadyUsed { .. } | Self::Uncertain(_) | Self::AlreadyDecided => {
                Recovery::Restart
            }
            Self::NotConfirmed => Recovery::AskUser,
            Self::Refused { .. } | Self::NotAvailable => Recovery::Report,
            Self::Unauthorized => Recovery::SignInAgain,
            Self::Session(error) => error.recovery(),
            Self::Call(error) => error.recovery(),
        }
    }

    /// The host's message to the user, if it wrote one.
    pub fn server_message(&self) -> Option<&ServerMessage> {
        match self {
            Self::Expired { server_message }
            | Self::AlreadyUsed { server_message }
            | Self::Refused { server_message } => Some(server_message),
            Self::Session(error) => error.server_message(),
            Self::Scan(_)
            | Self::NotAvailable
            | Self::Unauthorized
            | Self::Uncertain(_)
            | Self::NotConfirmed
            | Self::AlreadyDecided
            | Self::Call(_) => None,
        }
    }
}
