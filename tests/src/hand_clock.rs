//! A clock that a test holds in its hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use auth_client::Timestamp;
use auth_client::ports::Clock;

/// The system's time and so many seconds more, or less. Clones are the same clock.
#[derive(Clone, Debug, Default)]
pub struct HandClock(Arc<AtomicI64>);

impl HandClock {
    /// Moves it forward.
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        let system = Timestamp::try_from(SystemTime::now()).expect("the present is representable");
        let offset = self.0.load(Ordering::SeqCst);
        Timestamp::from_second(system.as_second() + offset).expect("a test stays near the present")
    }

    async fn sleep(&self, how_long: Duration) {
        tokio::time::sleep(how_long).await;
    }
}
