//! How a session stands with its host: kept with it, so that the next process goes on where this one ended.

use crate::{ClockReading, Elapsed};
use std::time::Duration;

/// What earlier attempts to refresh a session came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefreshHistory {
    /// A refresh was begun under this refresh token, and no answer is known: the host may have spent the token. Written
    /// before the host is asked.
    pub in_flight_or_lost: bool,
    /// How often in a row the host could not say yes or no.
    pub failures: u32,
    /// How often in a row a 401 came that may not be the host's own.
    pub unrecognized_401s: u32,
    /// The host refused without saying that the session is over: nothing is asked again by itself.
    pub rejected: bool,
    /// The host is left alone for a while.
    pub backoff: Option<Backoff>,
}

/// A span in which the host is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// When it began.
    pub since: ClockReading,
    /// How long it is.
    pub span: Duration,
    /// The host asked for it, with `Retry-After`.
    pub from_retry_after: bool,
}

impl Backoff {
    /// How long it still is; none if it is over, or if nobody can tell.
    pub fn left(&self, now: &ClockReading) -> Option<Duration> {
        let left = match now.since(&self.since) {
            Elapsed::Unknown => Duration::ZERO,
            elapsed => elapsed.remaining(self.span),
        };
        (!left.is_zero()).then_some(left)
    }
}

/// The longest rest that is taken unasked.
const MAX_BACKOFF: Duration = Duration::from_secs(120);
/// The longest rest that a host can ask for with `Retry-After`.
const MAX_REQUESTED_BACKOFF: Duration = Duration::from_secs(15 * 60);

impl RefreshHistory {
    /// After an attempt that brought no verdict. `told` is the wait that the host asked for; `jitter`, from 0 to 1,
    /// keeps many clients from coming back together.
    #[must_use]
    pub fn after_failure(&self, now: &ClockReading, from_retry_after: Option<Duration>, jitter: f64) -> Self {
        let failures = self.failures.saturating_add(1);
        let doubled = Duration::from_secs(1 << failures.min(7)).min(MAX_BACKOFF);
        let span =
            from_retry_after.map_or(doubled, |from_retry_after| from_retry_after.min(MAX_REQUESTED_BACKOFF));
        let span = span + span.mul_f64(jitter.clamp(0.0, 1.0) / 4.0);
        Self {
            failures,
            backoff: Some(Backoff { since: *now, span, from_retry_after: from_retry_after.is_some() }),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_up_to_a_limit_and_heed_the_host() {
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
