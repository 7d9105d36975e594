//! Why a sign-in did not advance.

use super::InputProblem;
use crate::{CallError, Recovery, ServerMessage, ports::StoreError};

/// Why a sign-in did not advance: the user's input, a refusal by the host, the network, a misuse by the caller, or the store.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Debug, thiserror::Error)]
pub enum SignInError {
    /// The host does not accept this e-mail and password.
    #[error("wrong e-mail or password")]
    WrongCredentials {
        /// The host's message.
        server_message: ServerMessage,
        /// How many attempts are left in this minute before the host blocks the account, by the host's limits and what this store has
        /// counted. `None` if attempts are not counted. The core leaves it empty; the client fills it in.
        attempts_left: Option<u32>,
    },
    /// The code is wrong or has expired. The sign-in stays at its step.
    #[error("wrong or expired code")]
    WrongCode {
        /// The host's message.
        server_message: ServerMessage,
        /// How many attempts are left in this minute before the host blocks the account, by the host's limits and what this store has
        /// counted. `None` if attempts are not counted. The core leaves it empty; the client fills it in.
        attempts_left: Option<u32>,
    },
    /// The new password does not meet the host's rules.
    #[error("the host does not take this new password")]
    PasswordRefused {
        /// The host's message, which names its rules.
        server_message: ServerMessage,
    },
    /// The host refuses this account, device or address, or the method.
    #[error("the host refused")]
    Refused {
        /// The host's message.
        server_message: ServerMessage,
    },
    /// The wizard demands a reCAPTCHA response and none was given.
    #[error("a reCAPTCHA response is needed")]
    RecaptchaRequired,
    /// The host did not accept the reCAPTCHA response.
    #[error("the reCAPTCHA response was not accepted; get a new one")]
    RecaptchaRefused {
        /// The host's message.
        server_message: ServerMessage,
    },
    /// This method is not enabled for the account. Nothing was sent.
    #[error("this two-factor method is not offered")]
    MethodNotAvailable,
    /// The input cannot be right. Nothing was sent, so it cost no attempt.
    #[error(transparent)]
    Invalid(#[from] InputProblem),
    /// The host has forgotten this sign-in, or it took too long.
    #[error("the sign-in has expired on the host; start again")]
    WizardEnded,
    /// The call brought no usable answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The store refused before anything was sent.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The host signed the user in, but the tokens could not be saved.
    #[error("signed in, but the session could not be saved: {0}")]
    NotSaved(#[source] StoreError),
    /// Another call of this sign-in is in progress.
    #[error("another answer is being submitted")]
    Busy,
    /// The sign-in has moved on from this step.
    #[error("the sign-in has moved on from this step")]
    StaleStep,
}

impl SignInError {
    /// A stable name for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::WrongCredentials { .. } => "wrong_credentials",
            Self::WrongCode { .. } => "wrong_code",
            Self::PasswordRefused { .. } => "password_refused",
            Self::Refused { .. } => "refused",
            Self::RecaptchaRequired => "recaptcha_required",
            Self::RecaptchaRefused { .. } => "recaptcha_refused",
            Self::MethodNotAvailable => "method_not_available",
            Self::Invalid(_) => "invalid_input",
            Self::WizardEnded => "sign_in_expired",
            Self::Call(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::NotSaved(_) => "not_saved",
            Self::Busy => "busy",
            Self::StaleStep => "stale_step",
        }
    }

    /// What the caller can do next.
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::WrongCredentials { .. }
            | Self::WrongCode { .. }
            | Self::PasswordRefused { .. }
            | Self::RecaptchaRequired
            | Self::RecaptchaRefused { .. }
            | Self::MethodNotAvailable
            | Self::Invalid(_) => Recovery::AskUser,
            Self::Refused { .. } => Recovery::Report,
            Self::WizardEnded => Recovery::Restart,
            Self::Call(error) => error.recovery(),
            Self::Store(error) | Self::NotSaved(error) => error.recovery(),
            Self::Busy => Recovery::Retry { after: None },
            Self::StaleStep => Recovery::Reload,
        }
    }

    /// How many attempts are left: see [`WrongCredentials`](Self::WrongCredentials).
    pub fn attempts_left(&self) -> Option<u32> {
        match self {
            Self::WrongCredentials { attempts_left, .. } | Self::WrongCode { attempts_left, .. } => {
                *attempts_left
            }
            _ => None,
        }
    }

    /// The same error with so many attempts left, where it has room for them.
    #[must_use]
    pub fn with_attempts_left(mut self, left: Option<u32>) -> Self {
        if let Self::WrongCredentials { attempts_left, .. } | Self::WrongCode { attempts_left, .. } =
            &mut self
        {
            *attempts_left = left;
        }
        self
    }

    /// The host's message to the user, if it wrote one.
    pub fn server_message(&self) -> Option<&ServerMessage> {
        match self {
            Self::WrongCredentials { server_message, .. }
            | Self::WrongCode { server_message, .. }
            | Self::PasswordRefused { server_message }
            | Self::Refused { server_message }
            | Self::RecaptchaRefused { server_message } => Some(server_message),
            Self::RecaptchaRequired
            | Self::MethodNotAvailable
            | Self::Invalid(_)
            | Self::WizardEnded
            | Self::Call(_)
            | Self::Store(_)
            | Self::NotSaved(_)
            | Self::Busy
            | Self::StaleStep => None,
        }
    }
}
