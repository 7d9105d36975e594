//! A clock that an app's tests move.

use std::{sync::Arc, time::Duration};

/// A clock for the tests of apps: it goes on as the device's clocks do, ahead of them by what it was moved. Whoever waits for a
/// time that it was moved past goes on at once. Several clients can have the same one.
#[derive(uniffi::Object)]
pub struct TestClock {
    pub(crate) inner: auth_client::TestClock,
}

#[uniffi::export]
impl TestClock {
    /// A clock that was not moved yet.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { inner: auth_client::TestClock::default() })
    }

    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        self.inner.advance(by);
    }

    /// How far it is ahead of the device's clocks.
    pub fn ahead(&self) -> Duration {
        self.inner.ahead()
    }
}
