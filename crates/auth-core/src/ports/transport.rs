//! Sending a request to the host.

use super::Cause;
use crate::{HttpRequest, HttpResponse, Recovery};
use async_trait::async_trait;

/// Sends a request unchanged and returns the answer, whatever its status.
///
/// An implementation
///
/// - sends all headers of the request, and the body as it is;
/// - follows no redirect;
/// - keeps no cookie of its own: a `Cookie` header is sent as it is, and `Set-Cookie` headers are handed over, each by itself or
///   joined with a comma and a space;
/// - sends a request at most once: whether it may be repeated is decided by [`Endpoint::replay`](crate::Endpoint::replay);
/// - returns within a bounded time, with an answer of bounded size;
/// - logs no header and no body;
/// - cancels the request when the future is dropped.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends the request and waits for the whole answer.
    ///
    /// # Errors
    /// If no whole answer came: see [`TransportError`], whose variants differ in whether the host can have seen the request.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportFailure>;
}

/// No whole answer came, and why. A bare [`TransportError`] becomes one by `into()` and `?`.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{error}")]
pub struct TransportFailure {
    /// What the client goes by.
    pub error: TransportError,
    /// What lies behind it, such as "name not found: broker.example". It is the `source()` of the error that the caller gets.
    #[source]
    pub cause: Option<Cause>,
}

impl TransportFailure {
    /// This failure, with what lies behind it.
    pub fn new(error: TransportError, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { error, cause: Some(Cause::new(cause)) }
    }
}

/// By what the client goes by.
impl PartialEq<TransportError> for TransportFailure {
    fn eq(&self, error: &TransportError) -> bool {
        self.error == *error
    }
}

impl From<TransportError> for TransportFailure {
    fn from(error: TransportError) -> Self {
        Self { error, cause: None }
    }
}

/// No whole answer came.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection could be made: the request was not sent.
    #[error("the host cannot be reached; check the address and the network")]
    Unreachable,
    /// The TLS handshake failed, or the certificate is not trusted: the request was not sent.
    #[error("no secure connection to the host: its certificate or TLS is not trusted")]
    Tls,
    /// The certificate is trusted, but has none of the keys that it is [pinned](crate::CertificatePins) to, or the pins have expired and are
    /// not to be ignored: the request was not sent.
    #[error(
        "the host's certificate has none of the pinned keys: somebody may be reading along, or the host has new keys"
    )]
    PinMismatch,
    /// The connection broke before the answer was complete: the host may have processed the request.
    #[error("the connection broke before the answer was complete; try again")]
    Interrupted,
    /// No answer in time: the host may have processed the request.
    #[error("the host did not answer in time; try again")]
    TimedOut,
    /// The answer exceeds the size limit and was not read to its end: the host may have processed the request.
    #[error("the answer is larger than any of B2Core's; check the address")]
    TooLarge,
    /// The answer is not HTTP.
    #[error("what answers at this address does not speak HTTP; check the address")]
    NotHttp,
    /// The transport itself failed. Whether the request was sent is not known.
    #[error("the transport failed")]
    Failed,
}

impl TransportError {
    /// True if the host cannot have seen the request. It may then be sent again, and cost no attempt.
    #[must_use]
    pub fn was_not_sent(self) -> bool {
        match self {
            Self::Unreachable | Self::Tls | Self::PinMismatch => true,
            Self::Interrupted | Self::TimedOut | Self::TooLarge | Self::NotHttp | Self::Failed => false,
        }
    }

    /// A stable name for programs.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Tls => "tls",
            Self::PinMismatch => "pin_mismatch",
            Self::Interrupted => "interrupted",
            Self::TimedOut => "timed_out",
            Self::TooLarge => "too_large",
            Self::NotHttp => "not_http",
            Self::Failed => "transport_failed",
        }
    }

    /// What the caller can do next.
    pub fn recovery(self) -> Recovery {
        match self {
            Self::Unreachable | Self::Interrupted | Self::TimedOut => Recovery::Retry { after: None },
            Self::Tls | Self::PinMismatch | Self::TooLarge | Self::NotHttp | Self::Failed => Recovery::Report,
        }
    }
}
