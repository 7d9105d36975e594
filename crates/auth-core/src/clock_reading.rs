//! Readings of two clocks at one point in time, and the time between two readings.

use crate::Timestamp;
use std::time::Duration;

/// The time since the machine was started, sleep included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BootTime {
    /// An id of this start of the machine. Times with different ids cannot be compared.
    pub id: u64,
    /// The time since the start.
    pub elapsed: Duration,
}

/// Both clocks, read at one point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// The wall clock, which may be set at any time.
    pub wall: Timestamp,
    /// The time since boot, which cannot be set, where the platform has such a clock.
    pub boot: Option<BootTime>,
}

/// The time between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Elapsed {
    /// Measured by the time since boot.
    Certain(Duration),
    /// Measured by the wall clock, which may have been set meanwhile.
    Likely(Duration),
    /// Not known: a clock went backwards.
    Unknown,
}

impl ClockReading {
    /// A reading without a time since boot.
    pub fn wall_clock_only(wall: Timestamp) -> Self {
        Self { wall, boot: None }
    }

    /// The time since an earlier reading.
    pub fn since(&self, earlier: &Self) -> Elapsed {
        if let (Some(now), Some(then)) = (self.boot, earlier.boot)
            && now.id == then.id
        {
            return match now.elapsed.checked_sub(then.elapsed) {
                Some(elapsed) => Elapsed::Certain(elapsed),
                // The readings are of different machines, or the machine was restored to an earlier state.
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
    /// What is left of a span that began at the earlier reading. Zero if the elapsed time is not known.
    pub fn remaining(self, span: Duration) -> Duration {
        match self {
            Self::Certain(elapsed) | Self::Likely(elapsed) => span.saturating_sub(elapsed),
            Self::Unknown => Duration::ZERO,
        }
    }

    /// True if the span is over by the time since boot, which no setting of the wall clock can change.
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
    fn the_time_since_boot_is_believed_first() {
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
    fn nothing_is_left_of_a_span_that_cannot_be_measured() {
        let span = Duration::from_secs(60);
        assert_eq!(Elapsed::Likely(Duration::from_secs(20)).remaining(span), Duration::from_secs(40));
        assert_eq!(Elapsed::Unknown.remaining(span), Duration::ZERO);
        assert!(
            !Elapsed::Likely(span).has_definitely_passed(span)
                && Elapsed::Certain(span).has_definitely_passed(span)
        );
    }
}
