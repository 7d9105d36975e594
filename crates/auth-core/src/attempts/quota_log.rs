//! What processes have taken of a refresh quota, and until when the host is left alone: the record that they share.
//!
//! A grant is written with both clocks of the machine that took it. A process of the same start of a machine measures it exactly. On
//! other machines wall clocks may differ by minutes, so a grant of another machine counts from when this process first saw it
//! ([`SeenGrants`]): later than it was taken, which makes a process slower and never faster.

use super::{QuotaShare, RefreshQuota};
use crate::{
    ClockReading, Elapsed,
    secret::SecretBytes,
    session::{RecordError, codec},
    wire::{Object, Value, object},
};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

/// What was taken of the quota of one host.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QuotaLog {
    /// The number of the next grant.
    next: u64,
    grants: Vec<Grant>,
    pause: Option<Grant>,
}

/// So many refreshes were taken since then. As a pause: so many milliseconds from then.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Grant {
    number: u64,
    at: ClockReading,
    count: u32,
}

/// When this process first saw what other machines have taken.
#[derive(Clone, Debug, Default)]
pub struct SeenGrants(HashMap<(u64, i64), ClockReading>);

/// Wall clocks of machines that share a store differ by no more than this; what is older by them is over, whenever it was seen.
const MAX_CLOCK_DIFFERENCE: Duration = Duration::from_secs(15 * 60);
/// The longest pause.
const MAX_PAUSE: Duration = Duration::from_secs(600);

impl SeenGrants {
    /// Remembers what the log has, and forgets what it has no more.
    pub fn see(&mut self, log: &QuotaLog, now: &ClockReading) {
        let there: HashSet<_> = log.grants.iter().chain(&log.pause).map(Grant::id).collect();
        self.0.retain(|id, _| there.contains(id));
        for id in there {
            self.0.entry(id).or_insert(*now);
        }
    }

    /// What is left of a span that began with this grant.
    fn left(&self, grant: &Grant, span: Duration, now: &ClockReading) -> Duration {
        let is_same_boot = match (now.boot, grant.at.boot) {
            (Some(now), Some(then)) => now.id == then.id,
            _ => false,
        };
        let elapsed = now.since(&grant.at);
        match elapsed {
            Elapsed::Certain(elapsed) => return span.saturating_sub(elapsed),
            Elapsed::Likely(elapsed) if elapsed >= span.saturating_add(MAX_CLOCK_DIFFERENCE) => {
                return Duration::ZERO;
            }
            // The machine was restored to an earlier state: nothing is known of it.
            Elapsed::Unknown if is_same_boot => return Duration::ZERO,
            _ => {}
        }
        match self.0.get(&grant.id()).map(|seen| now.since(seen)) {
            Some(Elapsed::Certain(since) | Elapsed::Likely(since)) => span.saturating_sub(since),
            // The clock was set back since: it is over, rather than to last for ever.
            Some(Elapsed::Unknown) => Duration::ZERO,
            None => span,
        }
    }
}

impl Grant {
    fn id(&self) -> (u64, i64) {
        (self.number, self.at.wall.as_millisecond())
    }
}

impl QuotaLog {
    /// Takes up to `wanted` of the quota, as many as are free for this share: how many.
    ///
    /// # Errors
    /// How long until one may be free; nothing was taken. The host's [pause](Self::pause) holds back the background alone.
    pub fn take(
        &mut self,
        quota: &RefreshQuota,
        wanted: u32,
        share: QuotaShare,
        seen: &SeenGrants,
        now: &ClockReading,
    ) -> Result<u32, Duration> {
        if share == QuotaShare::Background
            && let Some(left) = self.paused(seen, now)
        {
            return Err(left);
        }
        self.prune(quota, seen, now);
        let mut lefts: Vec<(Duration, u32)> = self
            .grants
            .iter()
            .map(|grant| (seen.left(grant, quota.counts_for(), now), grant.count))
            .collect();
        let taken: u64 = lefts.iter().map(|(_, count)| u64::from(*count)).sum();
        let free = u64::from(quota.share(share)).saturating_sub(taken);
        let Some(free) = u32::try_from(free).ok().filter(|free| *free > 0) else {
            lefts.sort_unstable();
            let mut over = (taken + 1).saturating_sub(u64::from(quota.share(share)));
            for (left, count) in lefts {
                over = over.saturating_sub(u64::from(count));
                if over == 0 {
                    return Err(left);
                }
            }
            return Err(quota.window());
        };
        let count = free.min(wanted.max(1)).min(quota.max_slice());
        self.add(quota, count, now);
        Ok(count)
    }

    /// Counts a refresh that was sent though nothing was free: somebody had waited for it long enough.
    pub fn overdraw(&mut self, quota: &RefreshQuota, seen: &SeenGrants, now: &ClockReading) {
        self.prune(quota, seen, now);
        self.add(quota, 1, now);
    }

    /// The host is away, or wants fewer requests: no refresh in the background for so long, at most ten minutes. A pause in force is
    /// not shortened.
    pub fn pause(&mut self, span: Duration, seen: &SeenGrants, now: &ClockReading) {
        let span = span.min(MAX_PAUSE);
        if self.paused(seen, now).is_none_or(|left| left < span) {
            let millis = u32::try_from(span.as_millis()).unwrap_or(u32::MAX);
            let pause = self.grant(millis, now);
            self.pause = Some(pause);
        }
    }

    /// How much longer the host is left alone in the background.
    #[must_use]
    pub fn paused(&self, seen: &SeenGrants, now: &ClockReading) -> Option<Duration> {
        let pause = self.pause?;
        let left = seen.left(&pause, Duration::from_millis(pause.count.into()).min(MAX_PAUSE), now);
        (!left.is_zero()).then_some(left)
    }

    /// The record's bytes.
    pub fn encode(&self) -> SecretBytes {
        object((self.grants.len() + 1) * GRANT + 64, |to| {
            to.put("v", FORMAT);
            to.put("next", self.next);
            to.list("grants", &self.grants, put_grant);
            to.maybe_object("pause", self.pause.as_ref(), put_grant);
        })
    }

    /// The log from a record's bytes.
    ///
    /// # Errors
    /// [`RecordError::Newer`] for a newer format, [`RecordError::Malformed`] for damage.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let json = codec::read(bytes, FORMAT)?;
        Self::from_json(json.value()).ok_or(RecordError::Malformed)
    }

    fn from_json(value: &Value<'_>) -> Option<Self> {
        let pause = match value.get("pause") {
            None | Some(Value::Null) => None,
            Some(pause) => Some(read_grant(pause)?),
        };
        Some(Self {
            next: value.get("next")?.as_u64()?,
            grants: value.get("grants")?.as_array()?.iter().map(read_grant).collect::<Option<_>>()?,
            pause,
        })
    }

    fn grant(&mut self, count: u32, now: &ClockReading) -> Grant {
        let number = self.next;
        self.next = number.wrapping_add(1);
        Grant { number, at: *now, count }
    }

    fn add(&mut self, quota: &RefreshQuota, count: u32, now: &ClockReading) {
        // Of this machine's start only: machines that take by turns have one each.
        let is_fresh = |grant: &&mut Grant| matches!(now.since(&grant.at), Elapsed::Certain(since) if since < quota.grain());
        if let Some(own) = self.grants.iter_mut().rev().find(is_fresh) {
            own.count = own.count.saturating_add(count);
            return;
        }
        let grant = self.grant(count, now);
        self.grants.push(grant);
    }

    /// Removes what counts no more.
    fn prune(&mut self, quota: &RefreshQuota, seen: &SeenGrants, now: &ClockReading) {
        self.grants.retain(|grant| !seen.left(grant, quota.counts_for(), now).is_zero());
        self.pause = self.pause.filter(|_| self.paused(seen, now).is_some());
    }
}

const FORMAT: u32 = 1;

/// The capacity that is reserved for a grant, in bytes.
const GRANT: usize = 128;

fn put_grant(to: &mut Object<'_>, grant: &Grant) {
    to.put("n", grant.number);
    codec::put_clock_reading(to, "at", "boot", &grant.at);
    to.put("count", grant.count);
}

fn read_grant(value: &Value<'_>) -> Option<Grant> {
    Some(Grant {
        number: value.get("n")?.as_u64()?,
        at: codec::read_clock_reading(value, "at", "boot")?,
        count: u32::try_from(value.get("count")?.as_u64()?).ok()?,
    })
}

#[cfg(test)]
mod tests;
