//! The one error type of both languages: flat, without secrets, and with the recommended recovery.

pub(crate) mod from;
mod next;
mod problem;
mod reasons;

pub use next::Recovery;
pub use problem::{ChannelProblem, InputProblem, NetworkProblem, QrProblem};
pub use reasons::Reasons;

use crate::print::redacted;
use auth_client as rust;

/// What went wrong. `recovery()` says what to do next. `correlation_id` is the id under which the host's operator finds
/// the request; it is null if no request was sent.
#[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum AuthError {
    /// The host does not accept this e-mail and password.
    #[error("wrong e-mail or password")]
    WrongCredentials {
        /// How many attempts are left before the host blocks the account, as far as this store has counted. Null if they are not counted.
        attempts_left: Option<i32>,
        /// The host's message.
        server_message: ServerMessage,
        /// The correlation id of the request.
        correlation_id: Option<String>,
    },
    /// The code is wrong or has expired. The step stays usable.
    #[error("wrong or expired code")]
    WrongCode {
        /// How many attempts are left before the host blocks the account, as far as this store has counted. Null if they are not counted.
        attempts_left: Option<i32>,
        /// The host's message.
        server_message: ServerMessage,
        /// The correlation id of the request.
        correlation_id: Option<String>,
    },
    /// The new password breaks the host's rules. The step stays usable.
    #[error("the host does not accept this new password")]
    PasswordRefused {
        /// The host's message.
        server_message: ServerMessage,
        /// The correlation id of the request.
        correlation_id: Option<String>,
    },
    /// The host refuses this account, device, address or method.
    #[error("the host refused")]
    Refused {
        /// The host's message.
        server_message: ServerMessage,
        /// The correlation id of the request.
        correlation_id: Option<String>,
    },
    /// The wizard requires a reCAPTCHA response. Nothing was sent.
    #[error("a reCAPTCHA response is needed")]
    RecaptchaRequired,
    /// The host did not accept the reCAPTCHA response.
    #[error("the reCAPTCHA response was not accepted; get a new one")]
    RecaptchaRefused {
        /// The host's message.
        server_message: ServerMessage,
        /// The correlation id of the request.
        correlation_id: Option<String>,
    },
    /// This method is not enabled for the account. Nothing was sent.
    #[error("this two-factor method is not available")]
    MethodNotAvailable,
    /// The input is malformed. Nothing was sent, and no attempt was counted.
    #[error("{problem}")]
    InvalidInput {
        /// What is wrong.
        problem: InputProblem,
    },
    /// Too many attempts. The password or code was not checked.
    #[error("too many attempts; try again in {retry_after_seconds} s")]
    LockedOut {
        /// How long to wait.
        retry_after_seconds: i64,
        /// True if the host has blocked the account, false if the local rate limiter held the request back.
        by_host: bool,
        /// The correlation id of the request.
        correlation_id: Option<String>,
    },
    /// The host does not know this sign-in any more, or it was pending for too long.
    #[error("the sign-in has expired; start again")]
    SignInExpired {
        /// The correlation id of the request.
        correlation_id: Option<String>,
    },
    /// The request or its answer did not get through.
    #[error("no answer from the host: {problem}")]
    Network {
        /// What is wrong.
        problem: NetworkProblem,
        /// The correlation id of the request.
        correlation_id: Option<String>,
        /// What lies behind it.
        reasons: Reasons,
    },
    /// The host reports a failure of its own (HTTP 5xx).
    #[error("the host failed (HTTP {status}); try again later")]
    HostFailed {
        /// The HTTP status.
        status: i32,
        /// How long to wait, if the host says so.
        retry_after_seconds: Option<i64>,
        /// The correlation id of the request.
        correlation_id: Option<String>,
    },
    /// Backing off: the host failed a short while ago or sent `Retry-After`, so no refresh was sent. The session is kept.
    #[error("backing off after a failure of the host; try again in {retry_after_seconds} s")]
    BackingOff {
        /// When the next refresh may be sent.
        retry_after_seconds: i64,
    },
    /// The answer is not B2Core's, or one that B2Core's documentation does not know.
    #[error("the host did not answer as B2Core does: {problem}")]
    UnexpectedAnswer {
        /// The stable name of this kind of answer.
        code: String,
        /// What is wrong, in English and for a log.
        problem: String,
        /// The correlation id of the request.
        correlation_id: Option<String>,
    },
    /// The store cannot be read now, for example because the device is locked. It does not mean "signed out".
    #[error("the store is not available now")]
    StoreUnavailable {
        /// What lies behind it.
        reasons: Reasons,
    },
    /// The store failed: a wrong key, corrupt data, a newer format, or an error of its own.
    #[error("{problem}")]
    StoreFailed {
        /// The stable name of this kind of failure.
        code: String,
        /// What is wrong, in English and for a log.
        problem: String,
        /// What lies behind it.
        reasons: Reasons,
    },
    /// The host has issued new tokens, but they could not be saved.
    #[error("the session could not be saved: {problem}")]
    NotSaved {
        /// What is wrong, in English and for a log.
        problem: String,
        /// The correlation id of the request.
        correlation_id: Option<String>,
        /// What lies behind it.
        reasons: Reasons,
    },
    /// A QR sign-in did not go on.
    #[error("{problem}")]
    Qr {
        /// Why.
        problem: QrProblem,
        /// The host's message.
        server_message: ServerMessage,
        /// The correlation id of the request.
        correlation_id: Option<String>,
        /// What lies behind it.
        reasons: Reasons,
    },
    /// The live channel of QR sign-in cannot be watched, so that no approval would arrive.
    #[error("{problem}")]
    Channel {
        /// Why.
        problem: ChannelProblem,
        /// What lies behind it.
        reasons: Reasons,
    },
    /// Nobody is signed in.
    #[error("not signed in")]
    NotSignedIn,
    /// The host has ended the session, or its refresh token has expired.
    #[error("the session has ended; sign in again")]
    SessionEnded {
        /// The correlation id of the request.
        correlation_id: Option<String>,
    },
    /// The host refused to refresh the session, but did not say that the session has ended. The user has to sign in again.
    #[error("the host refused to refresh the session; sign in again")]
    ReauthenticationRequired {
        /// The host's message.
        server_message: ServerMessage,
        /// The correlation id of the request.
        correlation_id: Option<String>,
    },
    /// The stored session was replaced by another sign-in, or removed by a sign-out, in the meantime.
    #[error("the session was replaced or signed out meanwhile")]
    SessionReplaced,
    /// Another call of this sign-in is still running.
    #[error("another answer is being submitted")]
    Busy,
    /// The step is stale: the sign-in has moved on. Ask it for its current step.
    #[error("the sign-in has moved on from this step")]
    StaleStep,
    /// The call was cancelled by its token.
    #[error("cancelled")]
    Cancelled,
    /// The configuration is not valid.
    #[error("{problem}")]
    Setup {
        /// What is wrong, in English and for a log.
        problem: String,
    },
}

/// The host's message for the user, in the host's language. Show it beside a message of your own. Printing it shows no
/// text, because the text may name a person.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ServerMessage {
    /// One line for each problem; empty if the host sent no message.
    pub lines: Vec<String>,
}

redacted!(ServerMessage, |message, f| write!(f, "ServerMessage({} lines)", message.lines.len()));

impl From<&rust::ServerMessage> for ServerMessage {
    fn from(server_message: &rust::ServerMessage) -> Self {
        Self { lines: server_message.lines().to_vec() }
    }
}
