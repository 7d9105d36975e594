//! One error for both languages: flat, without secrets, and with what to do next.

mod from;
mod next;
mod problem;

pub use next::Recovery;
pub use problem::{InputProblem, NetworkProblem};

use crate::print::redacted;
use auth_client as rust;

/// What went wrong. `recovery()` says what to do next; `correlation_id` is the id under which the host's operator finds
/// the request, if one was sent.
#[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum AuthError {
    /// The host does not take this e-mail and password.
    #[error("wrong e-mail or password")]
    WrongCredentials {
        /// The host's own words.
        server_message: ServerMessage,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The code is wrong or no longer good. The step is kept.
    #[error("wrong or expired code")]
    WrongCode {
        /// The host's own words.
        server_message: ServerMessage,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The new password breaks the host's rules. The step is kept.
    #[error("the host does not take this new password")]
    PasswordRefused {
        /// The host's own words.
        server_message: ServerMessage,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// The host refuses this account, device, address or method.
    #[error("the host refused")]
    Refused {
        /// The host's own words.
        server_message: ServerMessage,
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
        server_message: ServerMessage,
        /// The request's id.
        correlation_id: Option<String>,
    },
    /// This method is not enabled for the account. Nothing was sent.
    #[error("this two-factor method is not offered")]
    MethodNotAvailable,
    /// The input cannot be right. Nothing was sent, so no attempt was spent.
    #[error("{problem}")]
    InvalidInput {
        /// What is wrong.
        problem: InputProblem,
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
    /// The host failed a short while ago, or asked to be left alone, so it was not asked again. The session is kept.
    #[error("the host failed a moment ago and is left alone; try again later")]
    BackingOff {
        /// How long it is left alone.
        retry_after_seconds: i64,
    },
    /// Something that is not B2Core answered, or B2Core in a way that its documents do not know.
    #[error("the host did not answer as B2Core does: {problem}")]
    UnexpectedAnswer {
        /// The stable name of this kind of answer.
        code: String,
        /// What is wrong, in English and for a log.
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
        /// The stable name of this kind of failure.
        code: String,
        /// What is wrong, in English and for a log.
        problem: String,
    },
    /// The host did its part, but the new tokens could not be kept.
    #[error("the session could not be saved: {problem}")]
    NotSaved {
        /// What is wrong, in English and for a log.
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
    /// The host refused to refresh the session without saying that it is over.
    #[error("the host refused to refresh the session; sign in again")]
    ReauthenticationRequired {
        /// The host's own words.
        server_message: ServerMessage,
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
    StaleStep,
    /// The call was cancelled by its token.
    #[error("cancelled")]
    Cancelled,
    /// The configuration makes no client.
    #[error("{problem}")]
    Setup {
        /// What is wrong, in English and for a log.
        problem: String,
    },
}

/// What the host wrote for a person: data to show beside your own message, in the host's language. Printing it shows
/// nothing, since it may name a person.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ServerMessage {
    /// One text per complaint; empty if the host said nothing.
    pub lines: Vec<String>,
}

redacted!(ServerMessage, |text, f| write!(f, "ServerMessage({} lines)", text.lines.len()));

impl From<&rust::ServerMessage> for ServerMessage {
    fn from(server_message: &rust::ServerMessage) -> Self {
        Self { lines: server_message.lines().to_vec() }
    }
}
