//! What the policy's functions take and return.

use crate::session::{SessionError, StoredSession};
use std::time::Duration;

/// Whether an access token can be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Freshness {
    /// Usable. No refresh is due for this long.
    Fresh(Duration),
    /// Usable for this long. A refresh is due: begin one in the background.
    Stale(Duration),
    /// Not usable before a refresh.
    Expired {
        /// The wall clock was set back, so the token's age is not known. The token may be tried if no refresh can be had.
        uncertain: bool,
    },
}

/// Why a refresh is wanted. The later in this list, the less can hold it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefreshTrigger {
    /// The token is about to expire. Nobody waits for the refresh.
    Proactive,
    /// A service refreshes before anybody asks, a while before it is due. Nobody waits for it either, but a token that would do for
    /// now is refreshed all the same.
    Scheduled,
    /// A caller needs a token and waits.
    TokenNeeded,
    /// A caller asked for a refresh as such.
    Explicit,
}

/// What to do when a host has answered 401 to a request that carried an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Unauthorized401 {
    /// The rejected token was replaced meanwhile: use the current one.
    UseNewer,
    /// Refresh, then use the new token.
    Refresh,
    /// The token has just been issued, so its age is not why it was rejected, and a new one would be rejected too. Use it
    /// again, or report the 401.
    KeepCurrent,
}

/// Which pair counts when the record in the store was read for a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum StoredRecord {
    /// Another process has refreshed: use the pair in the store. No refresh is needed.
    UseStored,
    /// Refresh the pair in the store: it is the one in memory, or another process's that has expired.
    RefreshStored,
    /// The pair in memory is newer: it could not be saved so far, or an older one was brought back. Save it first.
    SaveInMemory,
}

/// What the outcome of a refresh means for the session.
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub struct RefreshResult {
    /// The record to keep from now on. `None`: the session has ended, remove its record.
    pub keep: Option<StoredSession>,
    /// The result for everybody who waits for this refresh.
    pub result: Result<(), SessionError>,
}
