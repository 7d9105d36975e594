//! Carrying bytes to the host and back.

use crate::{HttpRequest, HttpResponse, Recovery};
use async_trait::async_trait;

/// Sends a request as it stands and gives back the answer, whatever its status.
///
/// An implementation sends all headers of the request, follows no redirect, keeps no cookie, never sends a request
/// twice, bounds the time and the size of the answer, and logs no header and no body. Dropping the future ends the
/// request.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends and waits for the whole answer.
    ///
    /// # Errors
    /// By whether the host can have seen the request: see [`TransportError`].
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;
}

/// No whole answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection: the request was not sent.
    #[error("the host cannot be reached; check the address and the network")]
    Unreachable,
    /// The host's certificate or TLS was not accepted: the request was not sent.
    #[error("no secure connection to the host: its certificate or TLS is not trusted")]
    Tls,
    /// The connection broke: the host may have done what was asked.
    #[error("the connection broke before the answer was complete; try again")]
    Interrupted,
    /// Time ran out: the host may have done what was asked.
    #[error("the host did not answer in time; try again")]
    TimedOut,
    /// The answer went over the size limit and was not read to its end.
    #[error("the answer is larger than any of B2Core's; check the address")]
    TooLarge,
    /// What answered does not speak HTTP.
    #[error("what answers at this address does not speak HTTP; check the address")]
    NotHttp,
    /// The transport itself failed.
    #[error("the transport failed")]
    Failed,
}

impl TransportError {
    /// True if the host cannot have seen the request.
    pub fn was_not_sent(self) -> bool {
        matches!(self, Self::Unreachable | Self::Tls)
    }

    /// A stable name for programs.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Tls => "tls",
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
            Self::Tls | Self::TooLarge | Self::NotHttp | Self::Failed => Recovery::Report,
        }
    }
}
