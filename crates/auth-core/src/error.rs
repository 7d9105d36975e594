//! What went wrong with a call, by whose doing, and what the caller can do next.

use crate::{Recovery, attempts::Limits, ports::TransportError};
use std::time::Duration;

/// Who says that there were too many attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockedOutBy {
    /// The host refused, now or earlier, and its block has not ended.
    Host,
    /// Our own count: one more attempt would bring the host's block, so the host was not asked.
    RateLimiter,
}

/// Too many attempts. The password or code was not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockedOut {
    /// How long until the next attempt is worth making.
    pub retry_after: Duration,
    /// Who says so.
    pub by: LockedOutBy,
}

impl LockedOut {
    /// The host's block: as long as it said, or else as the limits have it.
    pub(crate) fn by_host(told: Option<Duration>, limits: &Limits) -> Self {
        Self { retry_after: told.unwrap_or(limits.block), by: LockedOutBy::Host }
    }
}

/// A call that brought no usable answer, whatever it was for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Too many attempts at this endpoint for this account.
    #[error("too many attempts")]
    LockedOut(LockedOut),
    /// The bytes did not get through.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The host failed by its own account: a 5xx status.
    #[error("the host failed (HTTP {status}); try again later")]
    HostFailed {
        /// The HTTP status.
        status: u16,
        /// The wait that the host asked for.
        retry_after: Option<Duration>,
    },
    /// Something that is not B2Core answered: a proxy, a captive portal, another site.
    #[error("the host did not answer as B2Core does ({what}); check its address and the network")]
    NotB2Core {
        /// What came instead.
        what: &'static str,
        /// The HTTP status.
        status: u16,
    },
    /// The host sent the client elsewhere. It is not followed: it might take the password along.
    #[error("the host redirects (HTTP {status}); check its address")]
    Redirected {
        /// The HTTP status.
        status: u16,
    },
    /// B2Core answered, but not in a way that its documents know.
    #[error("unexpected answer: {what}")]
    Protocol {
        /// What is wrong with it.
        what: &'static str,
    },
}

impl CallError {
    /// A stable name for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::LockedOut(_) => "locked_out",
            Self::Transport(error) => error.kind(),
            Self::HostFailed { .. } => "host_failed",
            Self::NotB2Core { .. } => "not_b2core",
            Self::Redirected { .. } => "redirected",
            Self::Protocol { .. } => "protocol",
        }
    }

    /// What the caller can do next.
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::LockedOut(lock) => Recovery::Wait { retry_after: lock.retry_after },
            Self::Transport(error) => error.recovery(),
            Self::HostFailed { retry_after, .. } => Recovery::Retry { after: *retry_after },
            Self::NotB2Core { .. } | Self::Redirected { .. } | Self::Protocol { .. } => Recovery::Report,
        }
    }
}
