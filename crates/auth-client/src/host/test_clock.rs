//! A clock that a test moves.

use super::SystemClock;
use async_trait::async_trait;
use auth_core::{BootTime, Timestamp, ports::Clock};
use std::time::Duration;
use tokio::{sync::watch, time::Instant};

/// A clock for the tests of programs that use this library: it goes on as the system's clocks do, ahead of them by what it was
/// moved. Whoever waits for a time that it was moved past goes on at once. Clones are the same clock.
///
/// ```
/// use auth_client::{TestClock, ports::Clock};
/// use std::time::Duration;
///
/// let clock = TestClock::default();
/// let before = clock.now();
/// clock.advance(Duration::from_secs(900));
/// assert!(clock.now().duration_since(before).as_secs() >= 900);
/// ```
#[derive(Clone, Debug)]
pub struct TestClock {
    ahead: watch::Sender<Duration>,
}

impl Default for TestClock {
    fn default() -> Self {
        Self { ahead: watch::Sender::new(Duration::ZERO) }
    }
}

impl TestClock {
    /// Moves it forward: the wall clock, and the time since the machine was started.
    pub fn advance(&self, by: Duration) {
        self.ahead.send_modify(|ahead| *ahead = ahead.saturating_add(by));
    }

    /// How far it is ahead of the system's clocks.
    pub fn ahead(&self) -> Duration {
        *self.ahead.borrow()
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().checked_add(self.ahead()).unwrap_or(Timestamp::MAX)
    }

    fn boot_time(&self) -> Option<BootTime> {
        let boot = SystemClock.boot_time()?;
        Some(BootTime { elapsed: boot.elapsed.saturating_add(self.ahead()), ..boot })
    }

    async fn sleep(&self, how_long: Duration) {
        let began = Instant::now();
        let mut moves = self.ahead.subscribe();
        let at_first = *moves.borrow_and_update();
        loop {
            let moved = moves.borrow_and_update().saturating_sub(at_first);
            let Some(left) = how_long.checked_sub(began.elapsed().saturating_add(moved)) else { return };
            tokio::select! {
                () = tokio::time::sleep(left) => return,
                _ = moves.changed() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waits_goes_on_when_it_is_moved_past_their_time_and_not_before() {
        let clock = TestClock::default();
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(3600)).await }
        });
        while clock.ahead.receiver_count() == 0 {
            tokio::task::yield_now().await;
        }
        clock.advance(Duration::from_secs(1800));
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(1800));
        sleeper.await.expect("it ends");
    }

    #[test]
    fn both_clocks_move_and_stop_at_the_end_of_time() {
        let clock = TestClock::default();
        let before = clock.reading();
        clock.advance(Duration::from_secs(900));
        let after = clock.reading();
        assert!(after.wall.duration_since(before.wall).as_secs() >= 900);
        let elapsed = |reading: &auth_core::ClockReading| reading.boot.map(|boot| boot.elapsed.as_secs());
        assert!(elapsed(&after) >= elapsed(&before).map(|before| before + 900));
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
    }
}
