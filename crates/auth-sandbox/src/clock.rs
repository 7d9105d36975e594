//! The one place the sandbox learns the time from, so that a test can move it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Reads a clock.
type Read = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Where the sandbox reads the time: expiry, blocks, TOTP steps and the `Date` header all follow it. It runs as the clock
/// behind it does, ahead of it or behind it by an offset that can change.
pub(crate) struct Clock {
    read: Read,
    offset: Mutex<SignedDuration>,
}

impl Clock {
    /// The system's clock.
    pub(crate) fn system() -> Self {
        Self::custom(Arc::new(Timestamp::now))
    }

    /// A clock of the caller's own.
    pub(crate) fn custom(read: Read) -> Self {
        Self { read, offset: Mutex::new(SignedDuration::ZERO) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        shifted((self.read)(), self.offset())
    }

    /// How far it is ahead of the clock behind it.
    pub(crate) fn offset(&self) -> SignedDuration {
        *self.locked()
    }

    pub(crate) fn set_offset(&self, offset: SignedDuration) {
        *self.locked() = offset;
    }

    /// Goes on from `time`.
    pub(crate) fn set(&self, time: Timestamp) {
        let mut offset = self.locked();
        *offset = time.duration_since((self.read)());
    }

    /// Goes forward at once.
    pub(crate) fn advance(&self, by: Duration) {
        let mut offset = self.locked();
        *offset = offset.saturating_add(signed(by));
    }

    fn locked(&self) -> MutexGuard<'_, SignedDuration> {
        self.offset.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The moment `wait` after `start`, or the end of time.
pub(crate) fn after(start: Timestamp, wait: Duration) -> Timestamp {
    shifted(start, signed(wait))
}

/// The same moment without its fraction of a second, as tokens carry it.
pub(crate) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

/// Stops at either end of time.
fn shifted(time: Timestamp, by: SignedDuration) -> Timestamp {
    let end = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    time.saturating_add(by).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_can_be_moved_either_way_and_stops_at_the_ends() {
        let start: Timestamp = "2025-03-01T12:00:00Z".parse().unwrap();
        let clock = Clock::custom(Arc::new(move || start));
        clock.advance(Duration::from_secs(60));
        clock.advance(Duration::from_millis(500));
        assert_eq!(clock.now().to_string(), "2025-03-01T12:01:00.5Z");
        clock.set("2001-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(clock.now().to_string(), "2001-01-01T00:00:00Z");
        clock.set_offset(SignedDuration::from_secs(-30));
        assert_eq!(clock.now().to_string(), "2025-03-01T11:59:30Z");
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
        clock.set_offset(SignedDuration::MIN);
        assert_eq!(clock.now(), Timestamp::MIN);
    }
}
