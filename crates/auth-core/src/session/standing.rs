//! How a session stands with its host: kept with it, so that the next process goes on where this one ended.

use crate::{Elapsed, Moment};
use std::time::Duration;

/// What earlier attempts to renew a session came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// A refresh was begun under this refresh token, and no answer is known: the host may have spent the token. Written
    /// before the host is asked.
    pub asked: bool,
    /// How often in a row the host could not say yes or no.
    pub failures: u32,
    /// How often in a row a 401 came that may not be the host's own.
    pub bare_401s: u32,
    /// The host refused without saying that the session is over: nothing is asked again by itself.
    pub refused: bool,
    /// The host is left alone for a while.
    pub rest: Option<Rest>,
}

/// A span in which the host is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// When it began.
    pub since: Moment,
    /// How long it is.
    pub span: Duration,
    /// The host asked for it, with `Retry-After`.
    pub told: bool,
}

impl Rest {
    /// How long it still is; none if it is over, or if nobody can tell.
    pub fn left(&self, now: &Moment) -> Option<Duration> {
        let left = match now.since(&self.since) {
            Elapsed::Unknown => Duration::ZERO,
            elapsed => elapsed.left_of(self.span),
        };
        (!left.is_zero()).then_some(left)
    }
}

/// The longest rest that is taken unasked.
const MOST_REST: Duration = Duration::from_secs(120);
/// The longest rest that a host can ask for with `Retry-After`.
const MOST_ASKED_REST: Duration = Duration::from_secs(15 * 60);

impl Standing {
    /// After an attempt that brought no verdict. `told` is the wait that the host asked for; `jitter`, from 0 to 1,
    /// keeps many clients from coming back together.
    #[must_use]
    pub fn after_failure(&self, now: &Moment, told: Option<Duration>, jitter: f64) -> Self {
        let failures = self.failures.saturating_add(1);
        let doubled = Duration::from_secs(1 << failures.min(7)).min(MOST_REST);
        let span = told.map_or(doubled, |told| told.min(MOST_ASKED_REST));
        let span = span + span.mul_f64(jitter.clamp(0.0, 1.0) / 4.0);
        Self { failures, rest: Some(Rest { since: *now, span, told: told.is_some() }), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_up_to_a_limit_and_heed_the_host() {
        let now = Moment::by_wall(crate::Timestamp::UNIX_EPOCH);
        let mut standing = Standing::default();
        let mut spans = Vec::new();
        for _ in 0..9 {
            standing = standing.after_failure(&now, None, 0.0);
            spans.push(standing.rest.unwrap().span.as_secs());
        }
        assert_eq!(spans, [2, 4, 8, 16, 32, 64, 120, 120, 120]);
        let told = standing.after_failure(&now, Some(Duration::from_secs(7)), 1.0);
        assert_eq!(told.rest.unwrap().span, Duration::from_millis(8750));
    }
}
