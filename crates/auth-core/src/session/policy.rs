//! When a token is lent, when it is refreshed, and what an attempt to refresh it means. Facts in, action out: nothing here
//! asks a clock, a store or a host.

use super::{RefreshOutcome, SessionError, StoredSession, refresh_history::RefreshHistory};
use crate::{CallError, ClockReading, Elapsed, ServerMessage};
use std::time::Duration;

/// The rules, and the chance that keeps many clients apart.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionPolicy {
    /// From 0 to 1, drawn anew for each pair of tokens.
    pub jitter: f64,
}

/// What can be done with an access token now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It is good for so long before it should be refreshed.
    Fresh(Duration),
    /// It is still good for so long; a refresh should begin meanwhile.
    Stale(Duration),
    /// It has to be refreshed first. With `doubtful`, nobody knows whether it is over, since the clock was set back: it may
    /// be tried if no refresh can be had.
    Expired {
        /// Nobody knows.
        uncertain: bool,
    },
}

/// Who wants a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefreshTrigger {
    /// Nobody yet: the token is about to end.
    Proactive,
    /// Somebody who needs a token.
    TokenNeeded,
    /// Somebody who asked for just this, or whom a host refused the token.
    Explicit,
}

/// What an attempt to refresh came to.
#[derive(Clone, Debug)]
pub struct RefreshResult {
    /// The record to keep from now on; none means that it is to be removed.
    pub keep: Option<StoredSession>,
    /// What to tell whoever waits.
    pub result: Result<(), SessionError>,
}

/// No token is refreshed earlier than this before its end, jitter aside.
const MAX_REFRESH_MARGIN: Duration = Duration::from_secs(60);
/// A token younger than this that is refused is refused for another reason than its age.
const JUST_ISSUED: Duration = Duration::from_secs(30);
/// So many failures in a row are forgiven to somebody who needs a token before the rests count for them too.
const FORGIVEN_FAILURES: u32 = 2;
/// A 401 that is not in the host's own form may be a proxy's, once.
const MAX_UNRECOGNIZED_401S: u32 = 2;

impl SessionPolicy {
    /// Whether the access token can be used now. A token fresh from the host is, however short its life; one without a life
    /// is used until the host says no.
    pub fn freshness(&self, session: &StoredSession, now: &ClockReading) -> Freshness {
        let RefreshHistory { in_flight_or_lost, rejected, backoff, .. } = &session.refresh_history;
        let may_ask = !rejected && backoff.is_none_or(|backoff| backoff.left(now).is_none());
        // A refresh whose answer was lost is made up for at once: a host may forgive that for a short time only.
        let make_up = *in_flight_or_lost && may_ask;
        let elapsed = now.since(&session.received);
        // No refresh can be had with a refresh token that is over.
        let past = session.refresh_token_lifetime().is_some_and(|life| elapsed.has_definitely_passed(life));
        let (may_ask, make_up) = (may_ask && !past, make_up && !past);
        let Some(life) = session.access_token_lifetime() else {
            return if make_up { Freshness::Stale(Duration::MAX) } else { Freshness::Fresh(Duration::MAX) };
        };
        if elapsed == Elapsed::Unknown {
            return Freshness::Expired { uncertain: true };
        }
        let left = elapsed.remaining(life);
        // A refresh token that ends before the access token has to be used before its own end.
        let renewable = session.refresh_token_lifetime().map_or(life, |refresh| refresh.min(life));
        let (due, refresh_margin) = (elapsed.remaining(renewable), self.refresh_margin(renewable));
        match left {
            Duration::ZERO => Freshness::Expired { uncertain: false },
            left if make_up => Freshness::Stale(left),
            _ if due > refresh_margin => Freshness::Fresh(due - refresh_margin),
            left if may_ask => Freshness::Stale(left),
            left => Freshness::Fresh(left),
        }
    }

    /// Whether the access token has at least this much time left, as far as its life allows: nine tenths of it count as
    /// enough, since no refresh could bring much more.
    pub fn has_min_ttl(&self, session: &StoredSession, now: &ClockReading, at_least: Duration) -> bool {
        let Some(life) = session.access_token_lifetime() else { return true };
        match now.since(&session.received) {
            Elapsed::Unknown => false,
            elapsed => elapsed.remaining(life) >= at_least.min(life.mul_f64(0.9)),
        }
    }

    /// Whether the access token is known to be good for some more time.
    pub fn has_time_left(&self, session: &StoredSession, now: &ClockReading) -> bool {
        session
            .access_token_lifetime()
            .is_some_and(|life| !now.since(&session.received).remaining(life).is_zero())
    }

    /// True for half a minute after the pair came, or a tenth of the access token's life if that is less.
    pub fn was_just_issued(&self, session: &StoredSession, now: &ClockReading) -> bool {
        let span = session.access_token_lifetime().map_or(JUST_ISSUED, |life| (life / 10).min(JUST_ISSUED));
        match now.since(&session.received) {
            Elapsed::Unknown => false,
            elapsed => !elapsed.remaining(span).is_zero(),
        }
    }

    /// A tenth of the token's life, up to a minute, and by chance up to twice that.
    fn refresh_margin(&self, life: Duration) -> Duration {
        (life / 10).min(MAX_REFRESH_MARGIN).mul_f64(1.0 + self.jitter.clamp(0.0, 1.0))
    }

    /// Whether the host may be asked, and the record to keep before it is: with the intent in it, so that a process that
    /// dies now leaves word.
    ///
    /// # Errors
    /// [`SessionError::Ended`] if the refresh token is past its time for certain; where only the wall clock says so the
    /// host is asked, since the clock may have been set. [`SessionError::ReauthenticationRequired`] and [`SessionError::BackingOff`]
    /// while the host's last word stands.
    pub fn before(
        &self,
        stored: &StoredSession,
        trigger: RefreshTrigger,
        now: &ClockReading,
    ) -> Result<StoredSession, SessionError> {
        let past = |life: Duration| now.since(&stored.received).has_definitely_passed(life);
        if stored.refresh_token_lifetime().is_some_and(past) {
            return Err(SessionError::Ended);
        }
        if stored.refresh_history.rejected && trigger != RefreshTrigger::Explicit {
            return Err(SessionError::ReauthenticationRequired { server_message: ServerMessage::default() });
        }
        let heeded = |from_retry_after: bool| match trigger {
            RefreshTrigger::Proactive => true,
            RefreshTrigger::TokenNeeded => {
                from_retry_after || stored.refresh_history.failures > FORGIVEN_FAILURES
            }
            RefreshTrigger::Explicit => from_retry_after,
        };
        if let Some(backoff) = stored.refresh_history.backoff
            && heeded(backoff.from_retry_after)
            && let Some(left) = backoff.left(now)
        {
            return Err(SessionError::BackingOff { retry_after: left });
        }
        let refresh_history = RefreshHistory { in_flight_or_lost: true, ..stored.refresh_history.clone() };
        Ok(StoredSession { refresh_history, ..stored.clone() })
    }

    /// What the outcome of an attempt means. `stored` is the record as it was before the attempt.
    pub fn after(
        &self,
        stored: &StoredSession,
        outcome: RefreshOutcome,
        now: &ClockReading,
    ) -> RefreshResult {
        let with =
            |refresh_history: RefreshHistory| Some(StoredSession { refresh_history, ..stored.clone() });
        // The host was heard, so whatever happened to an earlier attempt is settled.
        let clear = RefreshHistory::default();
        match outcome {
            RefreshOutcome::Refreshed(session) => RefreshResult { keep: Some(*session), result: Ok(()) },
            RefreshOutcome::Ended => RefreshResult { keep: None, result: Err(SessionError::Ended) },
            RefreshOutcome::Refused { server_message } => RefreshResult {
                keep: with(RefreshHistory { rejected: true, ..clear }),
                result: Err(SessionError::ReauthenticationRequired { server_message }),
            },
            RefreshOutcome::Unrecognized401 => {
                let unrecognized_401s = stored.refresh_history.unrecognized_401s + 1;
                if unrecognized_401s >= MAX_UNRECOGNIZED_401S {
                    let server_message = ServerMessage::default();
                    return RefreshResult {
                        keep: with(RefreshHistory { rejected: true, unrecognized_401s, ..clear }),
                        result: Err(SessionError::ReauthenticationRequired { server_message }),
                    };
                }
                let refresh_history = stored.refresh_history.after_failure(now, None, self.jitter);
                let error = CallError::NotB2Core { what: "a 401 that is not in its form", status: 401 };
                RefreshResult {
                    keep: with(RefreshHistory {
                        unrecognized_401s,
                        in_flight_or_lost: true,
                        ..refresh_history
                    }),
                    result: Err(error.into()),
                }
            }
            RefreshOutcome::Kept { error, was_not_sent } => {
                let refresh_history = match &error {
                    // The log of attempts remembers the block.
                    CallError::LockedOut(_) => stored.refresh_history.clone(),
                    // It costs the host nothing, and the network may be back at any moment.
                    _ if was_not_sent => stored.refresh_history.clone(),
                    CallError::HostFailed { retry_after, .. } => {
                        let after = stored.refresh_history.after_failure(now, *retry_after, self.jitter);
                        RefreshHistory { in_flight_or_lost: true, ..after }
                    }
                    _ => RefreshHistory {
                        in_flight_or_lost: true,
                        ..stored.refresh_history.after_failure(now, None, self.jitter)
                    },
                };
                RefreshResult { keep: with(refresh_history), result: Err(error.into()) }
            }
        }
    }
}

#[cfg(test)]
mod tests;
