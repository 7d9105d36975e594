//! What an app does with an error: its recovery, its stable code, and its message in the catalogue.

use super::AuthError;
use auth_client::ports::{ChannelError, TransportError};
use std::fmt;

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Recovery {
    /// Retry the same call, after the wait if there is one.
    Retry {
        /// How long to wait first.
        after_seconds: Option<i64>,
    },
    /// Too many attempts: wait, then ask the user again.
    Wait {
        /// How long to wait.
        seconds: i64,
    },
    /// Ask the user for the same input again.
    AskUser,
    /// Begin a new sign-in.
    Restart,
    /// The user has to sign in again.
    SignInAgain,
    /// Somebody else has signed in, or the sign-in has moved on: get the session or the step anew, and go on with that.
    Reload,
    /// Nothing that the user can fix: report it.
    Report,
}

impl fmt::Display for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[uniffi::export]
impl AuthError {
    /// What to do next.
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::WrongCredentials { .. }
            | Self::WrongCode { .. }
            | Self::PasswordRefused { .. }
            | Self::RecaptchaRequired
            | Self::RecaptchaRefused { .. }
            | Self::MethodNotAvailable
            | Self::InvalidInput { .. } => Recovery::AskUser,
            Self::LockedOut { retry_after_seconds, .. } => Recovery::Wait { seconds: *retry_after_seconds },
            Self::SignInExpired { .. } => Recovery::Restart,
            Self::Network { problem, .. } => match TransportError::from(*problem).recovery() {
                auth_client::Recovery::Retry { .. } => Recovery::Retry { after_seconds: None },
                _ => Recovery::Report,
            },
            Self::Channel { problem, .. } => match ChannelError::from(*problem).recovery() {
                auth_client::Recovery::Retry { .. } => Recovery::Retry { after_seconds: None },
                _ => Recovery::Report,
            },
            Self::Qr { problem, .. } => problem.recovery(),
            Self::HostFailed { retry_after_seconds, .. } => {
                Recovery::Retry { after_seconds: *retry_after_seconds }
            }
            Self::BackingOff { retry_after_seconds } => {
                Recovery::Retry { after_seconds: Some(*retry_after_seconds) }
            }
            Self::StoreUnavailable { .. } | Self::Busy | Self::Cancelled => {
                Recovery::Retry { after_seconds: None }
            }
            Self::StaleStep | Self::SessionReplaced => Recovery::Reload,
            Self::NotSignedIn | Self::SessionEnded { .. } | Self::ReauthenticationRequired { .. } => {
                Recovery::SignInAgain
            }
            Self::Refused { .. }
            | Self::UnexpectedAnswer { .. }
            | Self::StoreFailed { .. }
            | Self::NotSaved { .. }
            | Self::Setup { .. } => Recovery::Report,
        }
    }

    /// A stable name for programs, such as `wrong_code`: the same one that `b2auth --json` prints as `kind`.
    pub fn code(&self) -> String {
        match self {
            Self::WrongCredentials { .. } => "wrong_credentials",
            Self::WrongCode { .. } => "wrong_code",
            Self::PasswordRefused { .. } => "password_refused",
            Self::Refused { .. } => "refused",
            Self::RecaptchaRequired => "recaptcha_required",
            Self::RecaptchaRefused { .. } => "recaptcha_refused",
            Self::MethodNotAvailable => "method_not_available",
            Self::InvalidInput { .. } => "invalid_input",
            Self::LockedOut { .. } => "locked_out",
            Self::SignInExpired { .. } => "sign_in_expired",
            Self::Network { problem, .. } => TransportError::from(*problem).kind(),
            Self::Qr { problem, .. } => problem.code(),
            Self::Channel { problem, .. } => ChannelError::from(*problem).kind(),
            Self::HostFailed { .. } => "host_failed",
            Self::BackingOff { .. } => "backing_off",
            Self::UnexpectedAnswer { code, .. } => code.split('.').next().unwrap_or(code),
            Self::StoreFailed { code, .. } => code,
            Self::StoreUnavailable { .. } => "store_unavailable",
            Self::NotSaved { .. } => "not_saved",
            Self::NotSignedIn => "not_signed_in",
            Self::SessionEnded { .. } => "session_ended",
            Self::ReauthenticationRequired { .. } => "reauthentication_required",
            Self::SessionReplaced => "session_replaced",
            Self::Busy => "busy",
            Self::StaleStep => "stale_step",
            Self::Cancelled => "cancelled",
            Self::Setup { .. } => "setup",
        }
        .to_owned()
    }

    /// The id of the user's message in the catalogue: the code, with a suffix where one code has several messages, such as
    /// `invalid_input.code_needed`.
    pub fn message_id(&self) -> String {
        match self {
            Self::InvalidInput { problem } => {
                format!("{}.{}", self.code(), auth_client::InputProblem::from(*problem).kind())
            }
            Self::HostFailed { retry_after_seconds: Some(_), .. } => format!("{}.wait", self.code()),
            Self::WrongCredentials { attempts_left: Some(_), .. }
            | Self::WrongCode { attempts_left: Some(_), .. } => format!("{}.left", self.code()),
            Self::UnexpectedAnswer { code, .. } => code.clone(),
            _ => self.code(),
        }
    }
}
