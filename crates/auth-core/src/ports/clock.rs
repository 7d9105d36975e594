//! Time as an input.

use crate::{BootTime, ClockReading, Timestamp};
use async_trait::async_trait;
use std::time::Duration;

/// Tells the time and waits. Tests give one that they move by hand.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The wall clock. A user may set it to anything.
    fn now(&self) -> Timestamp;

    /// The time since the machine was started, sleep included, which nobody can set. Default: not known; the age of a
    /// token is then told by the wall clock alone.
    fn boot_time(&self) -> Option<BootTime> {
        None
    }

    /// The wall clock in nanoseconds since 1970, asked each time that a token is lent. A few milliseconds off are
    /// fine. Default: [`now`](Self::now).
    fn coarse_now(&self) -> i64 {
        i64::try_from(self.now().as_nanosecond()).unwrap_or(i64::MAX)
    }

    /// Both clocks.
    fn reading(&self) -> ClockReading {
        ClockReading { wall: self.now(), boot: self.boot_time() }
    }

    /// Returns when this much time has gone by.
    async fn sleep(&self, how_long: Duration);
}
