//! What a round of refreshes came to.

use auth_core::ports::StoreError;
use std::{collections::BTreeMap, time::Duration};

/// What [`AuthClient::refresh_due`](crate::AuthClient::refresh_due) came to. It holds counts and no names: fit for a log.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RefreshRound {
    /// Sessions of this host and office that were there, due or not.
    pub sessions: usize,
    /// Those of them that were due.
    pub due: usize,
    /// Due, and refreshed by this process.
    pub refreshed: usize,
    /// Due, and another process, or somebody else in this one, was refreshing it or just had.
    pub elsewhere: usize,
    /// Due, and over: the host has ended it, or its refresh token has expired. Its record is removed.
    pub ended: usize,
    /// Due, and the host refused it for good: its user has to sign in again.
    pub reauthentication_required: usize,
    /// Failures, by [`SessionError::kind`](crate::SessionError::kind); also of records that could not be read, which are not in `due`.
    /// The sessions are kept.
    pub failed: BTreeMap<&'static str, usize>,
    /// Due, and not asked for, because the round had stopped. There may be more that it did not come to.
    pub remaining: usize,
    /// Why the round stopped before its end. `None`: all sessions were looked at.
    pub stopped: Option<RoundStop>,
    /// When to call again.
    pub call_again_in: Duration,
}

/// Why a round of refreshes stopped before its end. Nobody is signed out by any of these.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RoundStop {
    /// The host could not be reached or failed, three times in a row.
    HostUnavailable,
    /// The host wants fewer requests (429), of three accounts in a row.
    HostLimits,
    /// Another process has found one of these, and the host is left alone for a while.
    HostLeftAlone,
    /// The [quota](crate::AuthClientBuilder::refresh_quota) let no more of them through in time.
    Quota,
    /// The store could not be read or written.
    StoreUnavailable(StoreError),
}
