//! Why a call to the host brought no usable answer, whatever the call was for.
//!
//! The sentences in `#[error("…")]` are for developers, here and in every error of this crate; users read the texts of
//! `auth-messages`: see [the crate documentation](crate#texts-for-people-and-texts-for-developers).

use crate::{Recovery, attempts::Limits, ports::TransportError};
use std::{fmt, time::Duration};

/// Who has counted too many attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockedOutBy {
    /// The host: it refused, now or earlier, and its block has not ended.
    Host,
    /// Our own rate limiter: one more attempt would exceed the host's limit, so the request was not sent.
    RateLimiter,
}

/// Too many attempts. The host did not check the password or code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockedOut {
    /// How long to wait before the next attempt.
    pub retry_after: Duration,
    /// Who has counted them.
    pub by: LockedOutBy,
}

impl LockedOut {
    /// A block by the host: as long as the host said, or else [`Limits::block`].
    pub(crate) fn by_host(retry_after: Option<Duration>, limits: &Limits) -> Self {
        Self { retry_after: retry_after.unwrap_or(limits.block), by: LockedOutBy::Host }
    }
}

/// What stands in front of a host and can refuse a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// Protection against bots: a challenge that only a browser passes, or a block. Its operator has to let this program through.
    Protection,
    /// A proxy that asks for a user name and a password (HTTP 407).
    Proxy,
    /// The portal of a network that somebody has to sign in to first (HTTP 511).
    Portal,
}

impl fmt::Display for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Protection => "protection in front of the host",
            Self::Proxy => "a proxy in front of the host",
            Self::Portal => "the portal of this network",
        })
    }
}

/// A call brought no usable answer.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Too many attempts at this endpoint for this account.
    #[error("too many attempts")]
    LockedOut(LockedOut),
    /// The transport brought no whole answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The host reports a failure of its own: a 5xx status, or 408 or 425.
    #[error("the host failed (HTTP {status}); try again later")]
    HostFailed {
        /// The HTTP status.
        status: u16,
        /// The wait that the host asked for.
        retry_after: Option<Duration>,
    },
    /// The answer does not come from B2Core, but from a proxy, a captive portal or another site.
    #[error("the host did not answer as B2Core does ({what}); check its address and the network")]
    NotB2Core {
        /// What came instead, in English.
        what: &'static str,
        /// The HTTP status.
        status: u16,
    },
    /// The host redirects. Redirects are not followed, since the password would be sent along.
    #[error("the host redirects (HTTP {status}); check its address")]
    Redirected {
        /// The HTTP status.
        status: u16,
        /// Where to: scheme, name and port, if the answer names another host.
        to: Option<String>,
    },
    /// What stands in front of the host has refused this program. The host has not seen the request.
    #[error("{by} has refused the request (HTTP {status})")]
    BlockedByGateway {
        /// What it is.
        by: Gateway,
        /// The HTTP status.
        status: u16,
    },
    /// B2Core answered, but not as documented.
    #[error("unexpected answer: {what}")]
    Protocol {
        /// What is wrong with the answer, in English.
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
            Self::BlockedByGateway { .. } => "blocked_by_gateway",
            Self::Protocol { .. } => "protocol",
        }
    }

    /// What the caller can do next.
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::LockedOut(lock) => Recovery::Wait { retry_after: lock.retry_after },
            Self::Transport(error) => error.recovery(),
            Self::HostFailed { retry_after, .. } => Recovery::Retry { after: *retry_after },
            Self::NotB2Core { .. }
            | Self::Redirected { .. }
            | Self::BlockedByGateway { .. }
            | Self::Protocol { .. } => Recovery::Report,
        }
    }
}
