//! Counting attempts and remembering blocks.

mod kept;

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

use jiff::Timestamp;
use ring::digest::{SHA256, digest};

use super::group::Group;
use super::settings::Limits;
use crate::clock::after;
use crate::users::Office;

pub(crate) use kept::KeptAttempts;

/// How many accounts are counted; beyond that the one that was tried least lately is forgotten.
const MOST_COUNTED: usize = 10_000;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    office: Office,
    group: Group,
    /// The SHA-256 of its name: whoever asks chooses how long that is.
    account: [u8; 32],
    ip: IpAddr,
}

#[derive(Default)]
struct Attempts {
    times: VecDeque<Timestamp>,
    blocked_until: Option<Timestamp>,
}

/// Attempts beyond the limit: come back in this many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Blocked {
    pub(crate) retry_after: u64,
}

/// The attempts of everybody.
pub(crate) struct Counter {
    limits: Limits,
    attempts: HashMap<Key, Attempts>,
}

impl Counter {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, attempts: HashMap::new() }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Changes the limits; what was counted and blocked stays.
    pub(crate) fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Forgets all attempts and blocks.
    pub(crate) fn clear(&mut self) {
        self.attempts.clear();
    }

    /// Counts one attempt on `account` from `ip`. The one that exceeds the limit starts the block.
    pub(crate) fn attempt(
        &mut self,
        (office, group): (Office, Group),
        account: &str,
        ip: IpAddr,
        now: Timestamp,
    ) -> Result<(), Blocked> {
        if !self.limits.enabled {
            return Ok(());
        }
        let key = Key { office, group, account: named(account), ip };
        if self.attempts.len() >= MOST_COUNTED && !self.attempts.contains_key(&key) {
            let latest = |attempts: &Attempts| attempts.times.back().copied();
            let oldest =
                self.attempts.iter().min_by_key(|(_, attempts)| latest(attempts)).map(|(key, _)| key.clone());
            oldest.map(|oldest| self.attempts.remove(&oldest));
        }
        let attempts = self.attempts.entry(key).or_default();
        if let Some(until) = attempts.blocked_until {
            if now < until {
                return Err(Blocked { retry_after: seconds_until(until, now) });
            }
            *attempts = Attempts::default();
        }
        while attempts.times.front().is_some_and(|first| after(*first, self.limits.window) <= now) {
            attempts.times.pop_front();
        }
        attempts.times.push_back(now);
        if attempts.times.len() <= self.limits.allowed(group) as usize {
            return Ok(());
        }
        let until = after(now, self.limits.block);
        attempts.blocked_until = Some(until);
        Err(Blocked { retry_after: seconds_until(until, now) })
    }
}

fn named(account: &str) -> [u8; 32] {
    let mut name = [0; 32];
    name.copy_from_slice(digest(&SHA256, account.trim().to_lowercase().as_bytes()).as_ref());
    name
}

/// Whole seconds, rounded up, so that a client that waits them is not early.
fn seconds_until(until: Timestamp, now: Timestamp) -> u64 {
    let left = until.duration_since(now);
    let whole = u64::try_from(left.as_secs()).unwrap_or_default();
    whole + u64::from(left.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use super::*;

    const IP: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const SIGN_IN: (Office, Group) = (Office::Front, Group::SignIn);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    #[test]
    fn old_attempts_leave_the_window() {
        let mut counter = Counter::new(Limits::default().sign_in(2));
        for second in [0, 40, 80, 120] {
            assert!(counter.attempt(SIGN_IN, "a", IP, at(second)).is_ok(), "{second}");
        }
        assert_eq!(counter.attempt(SIGN_IN, "a", IP, at(121)), Err(Blocked { retry_after: 600 }));
    }

    #[test]
    fn a_block_ends_by_itself_and_forgets() {
        let mut counter = Counter::new(Limits::default().sign_in(1).block(Duration::from_secs(10)));
        assert!(counter.attempt(SIGN_IN, "a", IP, at(0)).is_ok());
        assert!(counter.attempt(SIGN_IN, "A ", IP, at(1)).is_err());
        assert_eq!(counter.attempt(SIGN_IN, "a", IP, at(8)), Err(Blocked { retry_after: 3 }));
        assert!(counter.attempt(SIGN_IN, "a", IP, at(11)).is_ok());
    }

    #[test]
    fn a_flood_of_accounts_pushes_out_the_oldest_only() {
        let mut counter = Counter::new(Limits::default().sign_in(1));
        assert!(counter.attempt(SIGN_IN, "old", IP, at(0)).is_ok());
        assert!(counter.attempt(SIGN_IN, "young", IP, at(1)).is_ok());
        for account in 1..MOST_COUNTED {
            assert!(counter.attempt(SIGN_IN, &account.to_string(), IP, at(2)).is_ok());
        }
        assert_eq!(counter.attempts.len(), MOST_COUNTED);
        assert!(counter.attempt(SIGN_IN, "young", IP, at(3)).is_err());
        assert!(counter.attempt(SIGN_IN, "old", IP, at(3)).is_ok(), "forgotten");
    }

    #[test]
    fn groups_offices_accounts_and_addresses_are_apart() {
        let mut counter = Counter::new(Limits::default().sign_in(1).refresh(1));
        let elsewhere = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
        assert!(counter.attempt(SIGN_IN, "a", IP, at(0)).is_ok());
        assert!(counter.attempt(SIGN_IN, "a", elsewhere, at(0)).is_ok());
        assert!(counter.attempt(SIGN_IN, "b", IP, at(0)).is_ok());
        assert!(counter.attempt((Office::Back, Group::SignIn), "a", IP, at(0)).is_ok());
        assert!(counter.attempt((Office::Front, Group::Refresh), "a", IP, at(0)).is_ok());
        assert!(counter.attempt(SIGN_IN, "a", IP, at(0)).is_err());
    }
}
