//! The one place the sandbox learns the time from, so that a test can move it.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Where the sandbox reads the time: expiry, blocks, TOTP steps and the `Date` header all follow it.
#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's clock.
    pub(crate) fn system() -> Self {
        Self(Arc::new(Timestamp::now))
    }

    /// A clock of the caller's own.
    pub(crate) fn custom(read: Arc<dyn Fn() -> Timestamp + Send + Sync>) -> Self {
        Self(read)
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.0)()
    }
}

/// The moment `wait` after `start`, or the end of time.
pub(crate) fn after(start: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    start.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

/// The same moment without its fraction of a second, as tokens carry it.
pub(crate) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
