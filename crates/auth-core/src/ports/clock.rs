//! Time as an input.

use crate::Timestamp;
use async_trait::async_trait;
use std::time::Duration;

/// Tells the time and waits. Tests give one that they move by hand.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The wall clock.
    fn now(&self) -> Timestamp;

    /// Returns when this much time has gone by.
    async fn sleep(&self, how_long: Duration);
}
