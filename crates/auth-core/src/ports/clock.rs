//! The clocks that a driver reads.

use crate::{BootTime, ClockReading, Timestamp};
use async_trait::async_trait;
use std::time::Duration;

/// Reads the time and waits. Tests use one that they set.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The wall clock. It may be wrong, and may be set at any time.
    fn now(&self) -> Timestamp;

    /// The time since the machine was started, sleep included, which cannot be set. Default: not known; the age of a token is
    /// then measured by the wall clock alone.
    fn boot_time(&self) -> Option<BootTime> {
        None
    }

    /// The wall clock in nanoseconds since 1970, for the hot path: it is read each time that a token is borrowed. It may be a
    /// few milliseconds behind. Default: [`now`](Self::now).
    fn coarse_now(&self) -> i64 {
        i64::try_from(self.now().as_nanosecond()).unwrap_or(i64::MAX)
    }

    /// Both clocks, read now.
    fn reading(&self) -> ClockReading {
        ClockReading { wall: self.now(), boot: self.boot_time() }
    }

    /// Completes after this time.
    async fn sleep(&self, how_long: Duration);
}
