//! Until when records of the store need not be read again: so that a round of refreshes reads those that may be due, and not all.
//!
//! A hint can be wrong for one reason only: somebody has signed in anew since, with a token of a shorter life. So no hint lasts for
//! long. A hint takes sixteen bytes of memory; those of sessions that are gone go with the next whole round.

use auth_core::{ClockReading, ports::RecordKey};
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The longest hint.
const MAX_HINT: Duration = Duration::from_secs(600);

/// The hints of one host's sessions.
#[derive(Default)]
pub(crate) struct DueHints {
    hasher: RandomState,
    at: Mutex<HashMap<u64, u64>>,
}

/// The hints of one round.
#[derive(Default)]
pub(crate) struct RoundHints(HashMap<u64, u64>);

impl DueHints {
    /// How long this one need not be looked at; `None` if it has to be now.
    pub(crate) fn rest_of(&self, key: &RecordKey, now: &ClockReading) -> Option<Duration> {
        let until = *self.lock().get(&self.hasher.hash_one(key))?;
        let rest = Duration::from_millis(until.checked_sub(millis(now))?);
        // A clock that was set back makes no hint longer.
        (!rest.is_zero() && rest <= MAX_HINT).then_some(rest)
    }

    /// Not to be looked at for so long.
    pub(crate) fn put(&self, round: &mut RoundHints, key: &RecordKey, rest: Duration, now: &ClockReading) {
        let rest = u64::try_from(rest.min(MAX_HINT).as_millis()).unwrap_or(0);
        round.0.insert(self.hasher.hash_one(key), millis(now).saturating_add(rest));
    }

    /// Takes over what a round has found. A whole one has found all that there are.
    pub(crate) fn take_over(&self, round: RoundHints, is_whole: bool) {
        let mut at = self.lock();
        if is_whole {
            *at = round.0;
        } else {
            at.extend(round.0);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, u64>> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time since boot, or since 1970 where that is not known.
fn millis(now: &ClockReading) -> u64 {
    let by_boot_time = now.boot.map(|boot| boot.elapsed.as_millis());
    let millis = by_boot_time.unwrap_or_else(|| now.wall.as_millisecond().unsigned_abs().into());
    u64::try_from(millis).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_core::{AccountKey, BootTime, Host, Office, Profile, ports::RecordKind};

    fn at(seconds: u64) -> ClockReading {
        let boot = Some(BootTime { id: 1, elapsed: Duration::from_secs(seconds) });
        ClockReading { wall: "2026-01-01T12:00:00Z".parse().unwrap(), boot }
    }

    fn key(profile: &str) -> RecordKey {
        let host = Host::parse("https://broker.example").unwrap();
        let profile: Profile = profile.parse().unwrap();
        RecordKey { account: AccountKey { profile, host, office: Office::Front }, kind: RecordKind::Session }
    }

    #[test]
    fn a_hint_lasts_as_long_as_it_says_and_no_longer_than_ten_minutes() {
        let (hints, mut round) = (DueHints::default(), RoundHints::default());
        hints.put(&mut round, &key("a"), Duration::from_secs(60), &at(100));
        hints.put(&mut round, &key("b"), Duration::MAX, &at(100));
        hints.take_over(round, true);
        assert_eq!(hints.rest_of(&key("a"), &at(130)), Some(Duration::from_secs(30)));
        assert_eq!(hints.rest_of(&key("a"), &at(160)), None);
        assert_eq!(hints.rest_of(&key("b"), &at(100)), Some(MAX_HINT));
        assert_eq!(hints.rest_of(&key("b"), &at(99)), None, "the clock was set back");
        assert_eq!(hints.rest_of(&key("c"), &at(100)), None);
    }

    #[test]
    fn sessions_that_are_gone_take_no_memory() {
        let hints = DueHints::default();
        for (names, is_whole, left) in [(&["a", "b"][..], true, 2), (&["c"], false, 3), (&["a"], true, 1)] {
            let mut round = RoundHints::default();
            for name in names {
                hints.put(&mut round, &key(name), Duration::from_secs(60), &at(0));
            }
            hints.take_over(round, is_whole);
            assert_eq!(hints.lock().len(), left);
        }
    }
}
