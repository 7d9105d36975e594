//! The log of attempts and blocks: whether an attempt may be made now, and how long to wait otherwise. The rate limiter of
//! `auth-client` (`src/host/rate_limiter.rs`) asks it under the store's lock, before each request.

use super::{LimitGroup, Limits};
use crate::{
    LockedOut, LockedOutBy, Timestamp,
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
    attempts: Vec<Timestamp>,
    blocked_until: Option<Timestamp>,
}

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
        now: Timestamp,
    ) -> Result<(), LockedOut> {
        let Ok(at) = self.find(group, &plain(account)) else { return Ok(()) };
        let (_, _, entry) = &self.entries[at];
        if let Some(left) = entry.blocked_until.and_then(|until| until_then(now, until)) {
            return Err(LockedOut { retry_after: left, by: LockedOutBy::Host });
        }
        let limit = limits.of(group);
        let Some(allowed) = limit.attempts else { return Ok(()) };
        let recent: Vec<Timestamp> = entry.within(limit.window, now).collect();
        let over = (recent.len() + 1).saturating_sub(allowed.max(1) as usize);
        // The next attempt is allowed once this one has left the window.
        let Some(leaver) = over.checked_sub(1).and_then(|n| recent.get(n)) else { return Ok(()) };
        let room_at = leaver.checked_add(limit.window).unwrap_or(Timestamp::MAX);
        let retry_after = until_then(now, room_at).unwrap_or(Duration::ZERO);
        Err(LockedOut { retry_after, by: LockedOutBy::RateLimiter })
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
        now: Timestamp,
    ) -> Result<(), LockedOut> {
        self.check(group, account, limits, now)?;
        self.prune(limits, now);
        self.entry(group, plain(account)).attempts.push(now);
        Ok(())
    }

    /// Takes back an attempt that was counted at this time: its request was not sent.
    pub fn refund(&mut self, group: LimitGroup, account: &str, at: Timestamp) {
        if let Ok(found) = self.find(group, &plain(account))
            && let (_, _, entry) = &mut self.entries[found]
            && let Some(index) = entry.attempts.iter().rposition(|&made| made == at)
        {
            entry.attempts.remove(index);
        }
    }

    /// Notes a block by the host, which lasts for `wait`, at most a day.
    pub fn block(&mut self, group: LimitGroup, account: &str, now: Timestamp, wait: Duration) {
        let entry = self.entry(group, plain(account));
        let until = now.checked_add(wait.min(MAX_WAIT)).unwrap_or(Timestamp::MAX);
        // A shorter wait that is named later does not shorten a block that is in force.
        let in_force = entry.blocked_until.filter(|&until| until_then(now, until).is_some());
        entry.blocked_until = Some(in_force.map_or(until, |in_force| in_force.max(until)));
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
                to.put("attempts", &*entry.attempts);
                to.put("blocked_until", entry.blocked_until);
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
    fn prune(&mut self, limits: &Limits, now: Timestamp) {
        self.entries.retain_mut(|(group, _, entry)| {
            let window = limits.of(*group).window;
            entry.attempts = entry.within(window, now).collect();
            if entry.blocked_until.is_some_and(|until| until_then(now, until).is_none()) {
                entry.blocked_until = None;
            }
            !entry.attempts.is_empty() || entry.blocked_until.is_some()
        });
    }
}

impl Entry {
    /// The attempts inside the window. One up to a window in the future counts as made now (the clock was set back a little, or
    /// another process's clock is ahead); one further in the future does not count.
    fn within(&self, window: Duration, now: Timestamp) -> impl Iterator<Item = Timestamp> {
        let distance = move |at: Timestamp| now.duration_since(at).unsigned_abs();
        let near = self.attempts.iter().copied().filter(move |&at| distance(at) < window);
        near.map(move |at| at.min(now))
    }
}

const FORMAT: u32 = 1;

/// The capacity that is reserved for an entry, in bytes.
const ENTRY: usize = 256;

fn read_entry<'a>(value: &'a Value<'_>) -> Option<(&'a str, &'a str, Entry)> {
    let attempts = value.get("attempts")?.as_array()?.iter().map(|at| timestamp(at.as_str()?));
    let entry = Entry {
        attempts: attempts.collect::<Option<_>>()?,
        blocked_until: codec::date(value, "blocked_until")?,
    };
    Some((codec::text(value, "group")?, codec::text(value, "account")?, entry))
}

/// The account as it is counted.
fn plain(account: &str) -> String {
    account.trim().to_lowercase()
}

/// The time left until `then`. `None` if it is over, or longer than any block, which means that the clock was set back.
fn until_then(now: Timestamp, then: Timestamp) -> Option<Duration> {
    let left = Duration::try_from(then.duration_since(now)).ok()?;
    (!left.is_zero() && left <= MAX_WAIT).then_some(left)
}

#[cfg(test)]
mod tests;
