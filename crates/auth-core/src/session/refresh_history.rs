//! What earlier attempts to refresh a session have shown. It is saved with the session, so that the next process knows it.

use crate::{ClockReading, Elapsed};
use std::time::Duration;

/// What attempts to refresh a session have shown since its pair was issued.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefreshHistory {
    /// A refresh was begun with this refresh token, and its outcome is not known: it is in flight, or its answer was lost.
    /// The host may have spent the token. Saved before the request is sent.
    pub in_flight_or_lost: bool,
    /// Attempts in a row that ended without an answer about the session.
    pub failures: u32,
    /// 401 answers in a row that may not come from the host itself.
    pub unrecognized_401s: u32,
    /// The host refused without ending the session: no further refresh but one that is asked for explicitly.
    pub rejected: bool,
    /// Do not ask the host again before this is over.
    pub backoff: Option<Backoff>,
}

/// A span of time in which the host is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backoff {
    /// When it began.
    pub since: ClockReading,
    /// How long it is.
    pub span: Duration,
    /// The host asked for it, with `Retry-After`.
    pub from_retry_after: bool,
}

impl Backoff {
    /// How much of it is left. `None` if it is over, or if the clock was set back so that this is not known.
    pub fn left(&self, now: &ClockReading) -> Option<Duration> {
        let left = match now.since(&self.since) {
            Elapsed::Unknown => Duration::ZERO,
            elapsed => elapsed.remaining(self.span),
        };
        (!left.is_zero()).then_some(left)
    }
}

/// The longest backoff of our own, without jitter.
const MAX_BACKOFF: Duration = Duration::from_secs(120);
/// The longest backoff that a host can ask for with `Retry-After`, without jitter.
const MAX_REQUESTED_BACKOFF: Duration = Duration::from_secs(15 * 60);
/// 401s that are further apart than this are not in a row.
const MAX_ROW: Duration = Duration::from_secs(60 * 60);

impl RefreshHistory {
    /// After an attempt that may have reached the host and brought no answer about the session. Its outcome is unknown, and a
    /// backoff begins: as long as the host asked for (`retry_after`), or else 2, 4, 8 … 120 seconds.
    ///
    /// `jitter`, from 0 to 1, makes it up to a quarter longer, so that clients that failed together do not come back
    /// together.
    #[must_use]
    pub fn after_failure(&self, now: &ClockReading, retry_after: Option<Duration>, jitter: f64) -> Self {
        let failures = self.failures.saturating_add(1);
        let doubled = Duration::from_secs(1 << failures.min(7)).min(MAX_BACKOFF);
        let span = retry_after.map_or(doubled, |requested| requested.min(MAX_REQUESTED_BACKOFF));
        let span = span + span.mul_f64(jitter.clamp(0.0, 1.0) / 4.0);
        Self {
            in_flight_or_lost: true,
            failures,
            backoff: Some(Backoff { since: *now, span, from_retry_after: retry_after.is_some() }),
            // Whatever came instead, the row of 401s is broken.
            unrecognized_401s: 0,
            ..self.clone()
        }
    }

    /// A refresh may be under way elsewhere, for this long: what comes of it is not known, and meanwhile nobody else refreshes.
    #[must_use]
    pub fn under_way(&self, now: &ClockReading, span: Duration) -> Self {
        let backoff = Some(Backoff { since: *now, span, from_retry_after: false });
        Self { in_flight_or_lost: true, backoff, ..self.clone() }
    }

    /// How many 401s that may not come from the host there were in a row, with the one now. Of an earlier one that is long ago,
    /// nobody can say that it was about the same.
    pub(super) fn unrecognized_401s_with_this(&self, now: &ClockReading) -> u32 {
        let is_recent = self.backoff.is_some_and(|backoff| match now.since(&backoff.since) {
            Elapsed::Certain(elapsed) | Elapsed::Likely(elapsed) => elapsed < MAX_ROW,
            Elapsed::Unknown => false,
        });
        if is_recent { self.unrecognized_401s.saturating_add(1) } else { 1 }
    }

    /// After a refusal. The host has answered, so the outcome of no earlier attempt is open any more.
    pub(super) fn after_rejection(unrecognized_401s: u32) -> Self {
        Self { rejected: true, unrecognized_401s, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoffs_grow_up_to_a_limit_and_follow_retry_after() {
        let now = ClockReading::wall_clock_only(crate::Timestamp::UNIX_EPOCH);
        let mut refresh_history = RefreshHistory::default();
        let mut spans = Vec::new();
        for _ in 0..9 {
            refresh_history = refresh_history.after_failure(&now, None, 0.0);
            spans.push(refresh_history.backoff.unwrap().span.as_secs());
        }
        assert_eq!(spans, [2, 4, 8, 16, 32, 64, 120, 120, 120]);
        let from_retry_after = refresh_history.after_failure(&now, Some(Duration::from_secs(7)), 1.0);
        assert_eq!(from_retry_after.backoff.unwrap().span, Duration::from_millis(8750));
    }
}
