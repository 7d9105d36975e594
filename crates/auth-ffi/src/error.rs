//! One error for both languages: flat, without secrets, and with what to do next.

mod from;

use crate::print::redacted;
use auth_client::{ServerText, ports::TransportError};
use std::fmt;

/// What went wrong. `recovery()` says what to do next; `correlation_id` is the id under which the host's operator finds
/// the request, if one was sent.
#[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum AuthError {
    /// The host does not take this e-mail and password.
    #[error("wrong e-mail or password")]
    WrongCredentials {
        /// The host's own words.
        host_says: HostText,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The code is wrong or no longer good. The step is kept.
    #[error("wrong or expired code")]
    WrongCode {
        /// The host's own words.
        host_says: HostText,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The new password breaks the host's rules. The step is kept.
    #[error("the host does not take this new password")]
    PasswordRefused {
        /// The host's own words.
        host_says: HostText,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The host refuses this account, device, address or method.
    #[error("the host refused")]
    Refused {
        /// The host's own words.
        host_says: HostText,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The wizard demands a reCAPTCHA response. Nothing was sent.
    #[error("a reCAPTCHA response is needed")]
    RecaptchaRequired,
    /// The host did not take the reCAPTCHA response.
    #[error("the reCAPTCHA response was not accepted; get a new one")]
    RecaptchaRefused {
        /// The host's own words.
        host_says: HostText,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// This method is not enabled for the account. Nothing was sent.
    #[error("this two-factor method is not offered")]
    MethodNotOffered,
    /// The input cannot be right. Nothing was sent, so no attempt was spent.
    #[error("{problem}")]
    InvalidInput {
        /// What is wrong.
        problem: String,
    },
    /// Too many attempts. The password or code was not judged.
    #[error("too many attempts; try again in {retry_after_seconds} s")]
    LockedOut {
        /// How long to wait.
        retry_after_seconds: i64,
        /// True if the host says so, false if our own count does.
        by_host: bool,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The host has forgotten this sign-in, or it waited too long.
    #[error("the sign-in has expired; start again")]
    SignInExpired {
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The bytes did not get through.
    #[error("no answer from the host: {problem}")]
    Network {
        /// What is wrong.
        problem: NetworkProblem,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The host failed by its own account.
    #[error("the host failed (HTTP {status}); try again later")]
    HostFailed {
        /// The HTTP status.
        status: i32,
        /// How long to wait.
        retry_after_seconds: Option<i64>,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// Something that is not B2Core answered, or B2Core in a way that its documents do not know.
    #[error("the host did not answer as B2Core does: {problem}")]
    UnexpectedAnswer {
        /// What is wrong.
        problem: String,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The store cannot say now: the device is locked, say. It is never "signed out".
    #[error("the store is not available now")]
    StoreUnavailable,
    /// The store is broken: a wrong key, damage, a newer format, or an error of its own.
    #[error("{problem}")]
    StoreFailed {
        /// What is wrong.
        problem: String,
    },
    /// The host did its part, but the new tokens could not be kept.
    #[error("the session could not be saved: {problem}")]
    NotSaved {
        /// What is wrong.
        problem: String,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// Nobody is signed in.
    #[error("not signed in")]
    NotSignedIn,
    /// The session is over.
    #[error("the session has ended; sign in again")]
    SessionEnded {
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The host refused to renew the session without saying that it is over.
    #[error("the host refused to renew the session; sign in again")]
    NeedsSignIn {
        /// The host's own words.
        host_says: HostText,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// Somebody else has signed in or out here meanwhile.
    #[error("the session was replaced or signed out meanwhile")]
    SessionReplaced,
    /// Another answer of this sign-in is being submitted.
    #[error("another answer is being submitted")]
    Busy,
    /// The sign-in has moved on from this step: ask it for its current one.
    #[error("the sign-in has moved on from this step")]
    StepUsed,
    /// The call was cancelled by its token.
    #[error("cancelled")]
    Cancelled,
    /// The configuration makes no client.
    #[error("{problem}")]
    Setup {
        /// What is wrong.
        problem: String,
    },
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum NetworkProblem {
    /// No connection: the request was not sent.
    Unreachable,
    /// The host's certificate or TLS was not accepted: the request was not sent.
    Tls,
    /// The connection broke: the host may have done what was asked.
    Interrupted,
    /// Time ran out: the host may have done what was asked.
    TimedOut,
    /// The answer was larger than any of B2Core's.
    TooLarge,
    /// What answered does not speak HTTP.
    NotHttp,
    /// The transport itself failed.
    Failed,
}

impl fmt::Display for NetworkProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        TransportError::from(*self).fmt(f)
    }
}

impl From<NetworkProblem> for TransportError {
    fn from(problem: NetworkProblem) -> Self {
        match problem {
            NetworkProblem::Unreachable => Self::Unreachable,
            NetworkProblem::Tls => Self::Tls,
            NetworkProblem::Interrupted => Self::Interrupted,
            NetworkProblem::TimedOut => Self::TimedOut,
            NetworkProblem::TooLarge => Self::TooLarge,
            NetworkProblem::NotHttp => Self::NotHttp,
            NetworkProblem::Failed => Self::Failed,
        }
    }
}

impl From<TransportError> for NetworkProblem {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Unreachable => Self::Unreachable,
            TransportError::Tls => Self::Tls,
            TransportError::Interrupted => Self::Interrupted,
            TransportError::TimedOut => Self::TimedOut,
            TransportError::TooLarge => Self::TooLarge,
            TransportError::NotHttp => Self::NotHttp,
            TransportError::Failed => Self::Failed,
        }
    }
}

/// What the host wrote for a person: data to show beside your own message, in the host's language. Printing it shows
/// nothing, since it may name a person.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HostText {
    /// One text per complaint; empty if the host said nothing.
    pub lines: Vec<String>,
}

redacted!(HostText, |text, f| write!(f, "HostText({} lines)", text.lines.len()));

impl From<&ServerText> for HostText {
    fn from(said: &ServerText) -> Self {
        Self { lines: said.lines().to_vec() }
    }
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Recovery {
    /// Do the same again, after the wait if there is one.
    Retry {
        /// How long to wait first.
        after_seconds: Option<i64>,
    },
    /// Too many attempts: wait, then ask the user again.
    Wait {
        /// How long the lock lasts.
        seconds: i64,
    },
    /// Ask the user for the same input again.
    AskUser,
    /// Begin the sign-in anew.
    Restart,
    /// The session is over: sign in.
    SignInAgain,
    /// Nothing that the user can mend.
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
            | Self::MethodNotOffered
            | Self::InvalidInput { .. } => Recovery::AskUser,
            Self::LockedOut { retry_after_seconds, .. } => Recovery::Wait { seconds: *retry_after_seconds },
            Self::SignInExpired { .. } => Recovery::Restart,
            Self::Network { problem, .. } => match TransportError::from(*problem).recovery() {
                auth_client::Recovery::Retry { .. } => Recovery::Retry { after_seconds: None },
                _ => Recovery::Report,
            },
            Self::HostFailed { retry_after_seconds, .. } => {
                Recovery::Retry { after_seconds: *retry_after_seconds }
            }
            Self::StoreUnavailable | Self::Busy | Self::StepUsed | Self::Cancelled => {
                Recovery::Retry { after_seconds: None }
            }
            Self::NotSignedIn
            | Self::SessionEnded { .. }
            | Self::NeedsSignIn { .. }
            | Self::SessionReplaced => Recovery::SignInAgain,
            Self::Refused { .. }
            | Self::UnexpectedAnswer { .. }
            | Self::StoreFailed { .. }
            | Self::NotSaved { .. }
            | Self::Setup { .. } => Recovery::Report,
        }
    }
}
