//! How long a host that could not be reached is left alone. It is kept in memory only: such a try costs the host nothing, but it
//! costs this machine a connection attempt and two writes to the store.

use auth_core::{ClockReading, Elapsed, ports::TransportError};
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// What the last tries to reach the host came to.
#[derive(Default)]
pub(crate) struct Reachability(Mutex<Option<Away>>);

#[derive(Clone, Copy)]
struct Away {
    error: TransportError,
    /// Tries in a row that did not reach it.
    tries: u32,
    since: ClockReading,
}

/// So many tries in a row may follow each other at once: the network may be back at any time.
const FREE_TRIES: u32 = 2;
/// How long the next try then waits, at first and at most.
const WAITS: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(4));

impl Reachability {
    /// Takes in the outcome of a request.
    pub(crate) fn note(&self, error: Option<TransportError>, now: impl FnOnce() -> ClockReading) {
        let mut away = self.away();
        *away = error.filter(|error| error.was_not_sent()).map(|error| {
            let tries = away.map_or(0, |away| away.tries).saturating_add(1);
            Away { error, tries, since: now() }
        });
    }

    /// Why the host is left alone now, if it is.
    pub(crate) fn left_alone(&self, now: &ClockReading) -> Option<TransportError> {
        let Away { error, tries, since } = (*self.away())?;
        let doublings = tries.checked_sub(FREE_TRIES + 1)?;
        let wait = WAITS.0.saturating_mul(1 << doublings.min(10)).min(WAITS.1);
        let is_over = match now.since(&since) {
            Elapsed::Certain(elapsed) | Elapsed::Likely(elapsed) => elapsed >= wait,
            Elapsed::Unknown => true,
        };
        (!is_over).then_some(error)
    }

    /// The network is another one: the next try is made at once.
    pub(crate) fn forget(&self) {
        *self.away() = None;
    }

    fn away(&self) -> MutexGuard<'_, Option<Away>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_core::Timestamp;

    fn at(millis: i64) -> ClockReading {
        ClockReading::wall_clock_only(Timestamp::from_millisecond(millis).unwrap())
    }

    #[test]
    fn a_host_that_is_away_is_tried_at_growing_intervals_until_something_answers() {
        let reachability = Reachability::default();
        let away = || reachability.note(Some(TransportError::Unreachable), || at(0));
        let wait = || (0..10_000).find(|ms| reachability.left_alone(&at(*ms)).is_none()).unwrap();
        let mut waits = Vec::new();
        for _ in 0..8 {
            away();
            waits.push(wait());
        }
        assert_eq!(waits, [0, 0, 250, 500, 1000, 2000, 4000, 4000]);
        assert!(reachability.left_alone(&at(-1)).is_none(), "the clock was set back");
        // It may have been reached: what follows from that is the session's own backoff.
        reachability.note(Some(TransportError::TimedOut), || at(0));
        assert_eq!(wait(), 0);
        (0..5).for_each(|_| away());
        reachability.forget();
        assert_eq!(wait(), 0);
        (0..5).for_each(|_| away());
        reachability.note(None, || at(0));
        assert_eq!(wait(), 0);
    }
}
