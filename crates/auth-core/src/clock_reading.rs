//! A point in time by two clocks, and what can be said of the time between two of them.

use crate::Timestamp;
use std::time::Duration;

/// The time since the machine was started, sleep included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BootTime {
    /// Which start it was: two times can be compared if this is the same.
    pub id: u64,
    /// The time since then.
    pub elapsed: Duration,
}

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// By the wall clock.
    pub wall: Timestamp,
    /// By the clock that nobody can set, where there is one.
    pub boot: Option<BootTime>,
}

/// How much time went by between two moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elapsed {
    /// By the clock that nobody can set.
    Certain(Duration),
    /// By the wall clock, which may have been set meanwhile.
    Likely(Duration),
    /// The wall clock was set back: nobody knows.
    Unknown,
}

impl ClockReading {
    /// A moment by the wall clock alone.
    pub fn wall_clock_only(wall: Timestamp) -> Self {
        Self { wall, boot: None }
    }

    /// The time since an earlier moment.
    pub fn since(&self, earlier: &Self) -> Elapsed {
        if let (Some(now), Some(then)) = (self.boot, earlier.boot)
            && now.id == then.id
        {
            return match now.elapsed.checked_sub(then.elapsed) {
                Some(elapsed) => Elapsed::Certain(elapsed),
                // Another machine's times, or a machine that was put back to an earlier state.
                None => Elapsed::Unknown,
            };
        }
        match Duration::try_from(self.wall.duration_since(earlier.wall)) {
            Ok(elapsed) => Elapsed::Likely(elapsed),
            Err(_) => Elapsed::Unknown,
        }
    }
}

impl Elapsed {
    /// What is left of a span that began then; nothing if nobody knows.
    pub fn remaining(self, span: Duration) -> Duration {
        match self {
            Self::Certain(elapsed) | Self::Likely(elapsed) => span.saturating_sub(elapsed),
            Self::Unknown => Duration::ZERO,
        }
    }

    /// True if the span is over for certain, whatever was done to the wall clock.
    pub fn has_definitely_passed(self, span: Duration) -> bool {
        matches!(self, Self::Certain(elapsed) if elapsed >= span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wall: i64, boot: Option<(u64, u64)>) -> ClockReading {
        let boot = boot.map(|(id, seconds)| BootTime { id, elapsed: Duration::from_secs(seconds) });
        ClockReading { wall: Timestamp::from_second(wall).unwrap(), boot }
    }

    #[test]
    fn the_clock_that_nobody_can_set_is_believed_first() {
        let ten = Duration::from_secs(10);
        for wall in [-86_400, 0, 10, 86_400] {
            let elapsed = at(1_000_000 + wall, Some((1, 110))).since(&at(1_000_000, Some((1, 100))));
            assert_eq!(elapsed, Elapsed::Certain(ten), "the wall clock moved by {wall}");
        }
        assert_eq!(at(1010, Some((2, 5))).since(&at(1000, Some((1, 100)))), Elapsed::Likely(ten));
        assert_eq!(at(1010, None).since(&at(1000, Some((1, 100)))), Elapsed::Likely(ten));
        assert_eq!(at(990, None).since(&at(1000, None)), Elapsed::Unknown);
        assert_eq!(at(1010, Some((1, 90))).since(&at(1000, Some((1, 100)))), Elapsed::Unknown);
    }

    #[test]
    fn nothing_is_left_of_a_span_that_nobody_can_measure() {
        let span = Duration::from_secs(60);
        assert_eq!(Elapsed::Likely(Duration::from_secs(20)).remaining(span), Duration::from_secs(40));
        assert_eq!(Elapsed::Unknown.remaining(span), Duration::ZERO);
        assert!(
            !Elapsed::Likely(span).has_definitely_passed(span)
                && Elapsed::Certain(span).has_definitely_passed(span)
        );
    }
}
