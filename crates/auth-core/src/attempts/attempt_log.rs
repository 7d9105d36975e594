//! The log of attempts and blocks: whether an attempt may be made now, and how long to wait otherwise. The rate limiter of
//! `auth-client` (`src/host/rate_limiter.rs`) asks it under the store's lock, before each request.
//!
//! Time is measured by both clocks ([`ClockReading::since`]): setting the wall clock neither frees an attempt nor prolongs a
//! block.

use super::{LimitGroup, Limits};
use crate::{
    ClockReading, Elapsed, LockedOut, LockedOutBy, Timestamp,
    date_text::timestamp,
    http::MAX_WAIT,
    secret::SecretBytes,
    session::{RecordError, codec},
    wire::{Value, object},
};
use std::time::Duration;

/// The attempts at one host and office, by limit group and account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttemptLog {
    /// In the order of group and account.
    entries: Vec<(LimitGroup, String, Entry)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Entry {
    attempts: Vec<ClockReading>,
    block: Option<Block>,
}

/// A block by the host.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Block {
    since: ClockReading,
    span: Duration,
}

/// An attempt counts so much longer than the host's window: the host may round its times to seconds, up or down, and counts when
/// the request has arrived.
const MARGIN: Duration = Duration::from_secs(2);

impl AttemptLog {
    /// Checks whether an attempt is allowed now, without counting it.
    ///
    /// # Errors
    /// [`LockedOut`] with the time to wait, if the host's block is in force or one more attempt would exceed the limit.
    pub fn check(
        &self,
        group: LimitGroup,
        account: &str,
        limits: &Limits,
        now: &ClockReading,
    ) -> Result<(), LockedOut> {
        let Ok(at) = self.find(group, &plain(account)) else { return Ok(()) };
        let (_, _, entry) = &self.entries[at];
        if let Some(left) = entry.block.and_then(|block| block.left(now)) {
            return Err(LockedOut { retry_after: left, by: LockedOutBy::Host });
        }
        let limit = limits.of(group);
        let Some(allowed) = limit.attempts else { return Ok(()) };
        let mut left: Vec<Duration> = entry.left(limit.window, now).map(|(_, left)| left).collect();
        left.sort_unstable();
        let over = (left.len() + 1).saturating_sub(allowed.max(1) as usize);
        // The next attempt is allowed once this one has left the window.
        match over.checked_sub(1).and_then(|n| left.get(n)) {
            Some(&retry_after) => Err(LockedOut { retry_after, by: LockedOutBy::RateLimiter }),
            None => Ok(()),
        }
    }

    /// How many attempts are still allowed now. `None` if they are not counted.
    pub fn left(&self, group: LimitGroup, account: &str, limits: &Limits, now: &ClockReading) -> Option<u32> {
        let limit = limits.of(group);
        let allowed = limit.attempts?.max(1);
        let Ok(at) = self.find(group, &plain(account)) else { return Some(allowed) };
        let (_, _, entry) = &self.entries[at];
        if entry.block.is_some_and(|block| block.left(now).is_some()) {
            return Some(0);
        }
        let made = u32::try_from(entry.left(limit.window, now).count()).unwrap_or(u32::MAX);
        Some(allowed.saturating_sub(made))
    }

    /// Counts an attempt, if it is allowed.
    ///
    /// # Errors
    /// As [`AttemptLog::check`]; nothing is counted then.
    pub fn acquire(
        &mut self,
        group: LimitGroup,
        account: &str,
        limits: &Limits,
        now: &ClockReading,
    ) -> Result<(), LockedOut> {
        self.check(group, account, limits, now)?;
        self.prune(limits, now);
        self.entry(group, plain(account)).attempts.push(*now);
        Ok(())
    }

    /// Takes back an attempt that was counted at this time: its request was not sent.
    pub fn refund(&mut self, group: LimitGroup, account: &str, at: &ClockReading) {
        self.replace(group, account, at, None);
    }

    /// From now on an attempt counts from its answer on: somewhere on the way to it the host has counted it.
    pub fn answered(&mut self, group: LimitGroup, account: &str, at: &ClockReading, now: &ClockReading) {
        if !self.replace(group, account, at, Some(now)) {
            // It was forgotten by now, too early.
            self.entry(group, plain(account)).attempts.push(*now);
        }
    }

    fn replace(
        &mut self,
        group: LimitGroup,
        account: &str,
        at: &ClockReading,
        by: Option<&ClockReading>,
    ) -> bool {
        if let Ok(found) = self.find(group, &plain(account))
            && let (_, _, entry) = &mut self.entries[found]
            && let Some(index) = entry.attempts.iter().rposition(|made| same(made, at))
        {
            match by {
                Some(by) => entry.attempts[index] = *by,
                None => drop(entry.attempts.remove(index)),
            }
            return true;
        }
        false
    }

    /// Notes a block by the host, which lasts for `wait`, at most a day.
    pub fn block(&mut self, group: LimitGroup, account: &str, now: &ClockReading, wait: Duration) {
        let entry = self.entry(group, plain(account));
        let span = wait.min(MAX_WAIT);
        // A shorter wait that is named later does not shorten a block that is in force.
        let is_longer = entry.block.and_then(|block| block.left(now)).is_some_and(|left| left > span);
        if !is_longer {
            entry.block = Some(Block { since: *now, span });
        }
        // When the block ends, the host counts from zero.
        entry.attempts.clear();
    }

    /// The record's bytes.
    pub fn encode(&self) -> SecretBytes {
        object(self.entries.len() * ENTRY + 32, |to| {
            to.put("v", FORMAT);
            to.list("entries", &self.entries, |to, (group, account, entry)| {
                to.put("group", group.as_str());
                to.put("account", account.as_str());
                let walls: Vec<Timestamp> = entry.attempts.iter().map(|at| at.wall).collect();
                to.put("attempts", &*walls);
                to.list("boot_times", &entry.attempts, |to, at| {
                    to.maybe_object("boot", at.boot, codec::put_boot_time);
                });
                to.put("blocked_until", entry.block.map(|block| block.until()));
                to.maybe_object("block", entry.block, |to, Block { since, span }| {
                    codec::put_clock_reading(to, "since", "boot", &since);
                    to.put("ms", codec::millis(span));
                });
            });
        })
    }

    /// The log from a record's bytes.
    ///
    /// # Errors
    /// [`RecordError::Newer`] for a newer format, [`RecordError::Malformed`] for damage.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let json = codec::read(bytes, FORMAT)?;
        let entries = json.value().get("entries").and_then(Value::as_array).ok_or(RecordError::Malformed)?;
        let mut log = Self::default();
        for value in entries {
            let (group, account, entry) = read_entry(value).ok_or(RecordError::Malformed)?;
            // A group that this version does not know is ignored.
            if let Some(group) = LimitGroup::ALL.into_iter().find(|known| known.as_str() == group) {
                *log.entry(group, account.to_owned()) = entry;
            }
        }
        Ok(log)
    }

    /// Where an entry is, or where it would have to be.
    fn find(&self, group: LimitGroup, account: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(g, a, _)| (*g, a.as_str()).cmp(&(group, account)))
    }

    fn entry(&mut self, group: LimitGroup, account: String) -> &mut Entry {
        let at = self.find(group, &account).unwrap_or_else(|at| {
            self.entries.insert(at, (group, account, Entry::default()));
            at
        });
        &mut self.entries[at].2
    }

    /// Removes attempts and blocks that do not count any more.
    fn prune(&mut self, limits: &Limits, now: &ClockReading) {
        self.entries.retain_mut(|(group, _, entry)| {
            let window = limits.of(*group).window;
            entry.attempts = entry.left(window, now).map(|(at, _)| at).collect();
            entry.block = entry.block.filter(|block| block.left(now).is_some());
            !entry.attempts.is_empty() || entry.block.is_some()
        });
    }
}

impl Entry {
    /// The attempts that count, and for how long they still do.
    fn left(&self, window: Duration, now: &ClockReading) -> impl Iterator<Item = (ClockReading, Duration)> {
        let span = window.saturating_add(MARGIN);
        self.attempts.iter().filter_map(move |at| Some((*at, left(now, at, span)?)))
    }
}

impl Block {
    fn until(&self) -> Timestamp {
        self.since.wall.checked_add(self.span).unwrap_or(Timestamp::MAX)
    }

    fn left(&self, now: &ClockReading) -> Option<Duration> {
        left(now, &self.since, self.span)
    }
}

/// What is left of a span since then. If a clock was set back: the whole span where that was by less than the span (another
/// process's clock may be a little ahead), and else nothing.
fn left(now: &ClockReading, since: &ClockReading, span: Duration) -> Option<Duration> {
    let left = match now.since(since) {
        Elapsed::Certain(elapsed) | Elapsed::Likely(elapsed) => span.saturating_sub(elapsed),
        Elapsed::Unknown if now.wall.duration_since(since.wall).unsigned_abs() < span => span,
        Elapsed::Unknown => Duration::ZERO,
    };
    (!left.is_zero()).then_some(left)
}

/// True if both are the same reading, to the millisecond of a record's boot time.
fn same(a: &ClockReading, b: &ClockReading) -> bool {
    let boot = |reading: &ClockReading| reading.boot.map(|boot| (boot.id, boot.elapsed.as_millis()));
    a.wall == b.wall && boot(a) == boot(b)
}

/// What an earlier version reads is complete by the wall clock; the boot clock's times are beside it.
const FORMAT: u32 = 1;

/// The capacity that is reserved for an entry, in bytes.
const ENTRY: usize = 256;

fn read_entry<'a>(value: &'a Value<'_>) -> Option<(&'a str, &'a str, Entry)> {
    let boots = value.get("boot_times").and_then(Value::as_array).unwrap_or(&[]);
    let attempts = value.get("attempts")?.as_array()?.iter().enumerate().map(|(n, wall)| {
        let boot = boots.get(n).and_then(|of| of.get("boot")).and_then(codec::read_boot_time);
        Some(ClockReading { wall: timestamp(wall.as_str()?)?, boot })
    });
    let block = match (value.get("block"), codec::date(value, "blocked_until")?) {
        (None | Some(Value::Null), None) => None,
        (None | Some(Value::Null), Some(until)) => {
            let since = ClockReading::wall_clock_only(until.checked_sub(MAX_WAIT).ok()?);
            Some(Block { since, span: MAX_WAIT })
        }
        (Some(block), _) => Some(Block {
            since: codec::read_clock_reading(block, "since", "boot")?,
            span: Duration::from_millis(block.get("ms")?.as_u64()?).min(MAX_WAIT),
        }),
    };
    let entry = Entry { attempts: attempts.collect::<Option<_>>()?, block };
    Some((codec::text(value, "group")?, codec::text(value, "account")?, entry))
}

/// The account as it is counted.
fn plain(account: &str) -> String {
    account.trim().to_lowercase()
}

#[cfg(test)]
mod tests;
