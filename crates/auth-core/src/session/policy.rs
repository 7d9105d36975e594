//! What to do about a session's tokens. Each question has one function:
//!
//! | question | function |
//! | --- | --- |
//! | Can the access token be used, and is a refresh due? | [`token_freshness`](SessionPolicy::token_freshness) |
//! | When does a service refresh it that keeps many? | [`due_in`](SessionPolicy::due_in) |
//! | Has it enough time left for this caller? | [`has_min_ttl`](SessionPolicy::has_min_ttl) |
//! | A host answered 401 to a request with the token: what now? | [`on_unauthorized`](SessionPolicy::on_unauthorized) |
//! | The store has another record than memory: which pair counts? | [`on_stored_record`](SessionPolicy::on_stored_record) |
//! | May the host be asked for a refresh now? | [`check_refresh_allowed`](SessionPolicy::check_refresh_allowed) |
//! | What does the outcome of a refresh mean for the session? | [`on_refresh_outcome`](SessionPolicy::on_refresh_outcome) |
//!
//! The functions are pure: they take records and clock readings, and return what to do. What kind of outcome an answer to a
//! refresh is (which refusal ends the session) is decided in [`RefreshOutcome`].

mod results;

pub use results::{Freshness, RefreshResult, RefreshTrigger, StoredRecord, Unauthorized401};

use super::{RefreshOutcome, SessionError, StoredSession, refresh_history::RefreshHistory};
use crate::{CallError, ClockReading, Elapsed, ServerMessage};
use std::time::Duration;

/// The rules for a session's tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionPolicy {
    /// A random number from 0 to 1, drawn anew for each pair of tokens. It spreads the refreshes of clients that share a
    /// session, and of clients that failed together.
    pub jitter: f64,
}

/// The refresh margin (how long before its expiry a token is refreshed) without jitter is at most this.
const MAX_REFRESH_MARGIN: Duration = Duration::from_secs(60);
/// A token that is younger than this was not rejected because of its age.
const JUST_ISSUED: Duration = Duration::from_secs(30);
/// Machines that share a store have clocks that differ by less than this.
const MAX_CLOCK_DIFFERENCE: Duration = Duration::from_secs(15 * 60);
/// A caller who needs a token is held back by a backoff only after more failures in a row than these.
const FAILURES_BEFORE_BACKOFF_BINDS: u32 = 2;
/// So many unrecognized 401s in a row count as a refusal. A single one may come from a proxy.
const MAX_UNRECOGNIZED_401S: u32 = 2;

impl SessionPolicy {
    /// Whether the access token can be used now, and whether a refresh is due.
    ///
    /// - A token of unknown lifetime is fresh until a host rejects it.
    /// - A refresh is due from the refresh margin on: a tenth of the lifetime, at most a minute, plus up to as much again by
    ///   jitter. The lifetime is the shorter one of the two tokens', since an expired refresh token refreshes nothing.
    /// - A refresh of unknown outcome ([`RefreshHistory::in_flight_or_lost`]) is due at the next use of the token: a host
    ///   that rotates refresh tokens may accept the old one for a short time only. Where an attempt has failed, this waits
    ///   for the end of its backoff.
    /// - No refresh is due while a backoff is in force, after a refusal, or once the refresh token has definitely expired.
    pub fn token_freshness(&self, session: &StoredSession, now: &ClockReading) -> Freshness {
        let elapsed = now.since(&session.received);
        let refresh_token_passed =
            session.refresh_token_lifetime().is_some_and(|life| elapsed.has_definitely_passed(life));
        let RefreshHistory { in_flight_or_lost, rejected, backoff, .. } = &session.refresh_history;
        let backs_off = backoff.is_some_and(|backoff| backoff.left(now).is_some());
        let may_refresh = !rejected && !backs_off && !refresh_token_passed;
        let repeat_refresh = *in_flight_or_lost && may_refresh;
        let Some(life) = session.access_token_lifetime() else {
            return if repeat_refresh {
                Freshness::Stale(Duration::MAX)
            } else {
                Freshness::Fresh(Duration::MAX)
            };
        };
        if elapsed == Elapsed::Unknown {
            return Freshness::Expired { uncertain: true };
        }
        let left = elapsed.remaining(life);
        let shorter_life = session.refresh_token_lifetime().map_or(life, |refresh| refresh.min(life));
        let (due, margin) = (elapsed.remaining(shorter_life), self.refresh_margin(shorter_life));
        match left {
            Duration::ZERO => Freshness::Expired { uncertain: false },
            left if repeat_refresh => Freshness::Stale(left),
            _ if due > margin => Freshness::Fresh(due - margin),
            left if may_refresh => Freshness::Stale(left),
            left => Freshness::Fresh(left),
        }
    }

    /// How long until a service refreshes this session that refreshes `within` this time of a token's expiry: zero if it is due.
    /// `None` if it never is: its lifetime is not known, the host has refused it, or it is being signed out.
    ///
    /// `within` counts as at most half of the lifetime, so that no session is due all the time. Another machine's clock may be
    /// ahead by minutes: a pair that seems to have been received in a moment was received just now.
    #[must_use]
    pub fn due_in(&self, session: &StoredSession, now: &ClockReading, within: Duration) -> Option<Duration> {
        let RefreshHistory { in_flight_or_lost, rejected, backoff, .. } = &session.refresh_history;
        let life = session.access_token_lifetime()?;
        if *rejected || session.signing_out {
            return None;
        }
        let elapsed = match now.since(&session.received) {
            Elapsed::Unknown
                if session.received.wall.duration_since(now.wall).unsigned_abs() < MAX_CLOCK_DIFFERENCE =>
            {
                Elapsed::Likely(Duration::ZERO)
            }
            elapsed => elapsed,
        };
        if session.refresh_token_lifetime().is_some_and(|life| elapsed.has_definitely_passed(life)) {
            // It ends with its access token.
            return Some(elapsed.remaining(life));
        }
        if let Some(left) = backoff.and_then(|backoff| backoff.left(now)) {
            return Some(left);
        }
        if *in_flight_or_lost {
            return Some(Duration::ZERO);
        }
        let life = session.refresh_token_lifetime().map_or(life, |refresh| refresh.min(life));
        Some(elapsed.remaining(life).saturating_sub(within.min(life / 2)))
    }

    /// Whether the access token has at least this much time left. Nine tenths of its lifetime are enough for any wish: a new
    /// token would hardly have more. A token of unknown lifetime has enough.
    #[must_use]
    pub fn has_min_ttl(&self, session: &StoredSession, now: &ClockReading, min_ttl: Duration) -> bool {
        let Some(life) = session.access_token_lifetime() else { return true };
        match now.since(&session.received) {
            Elapsed::Unknown => false,
            elapsed => elapsed.remaining(life) >= min_ttl.min(life.mul_f64(0.9)),
        }
    }

    /// Whether the access token has a known lifetime and some of it is left.
    #[must_use]
    pub fn has_time_left(&self, session: &StoredSession, now: &ClockReading) -> bool {
        session
            .access_token_lifetime()
            .is_some_and(|life| !now.since(&session.received).remaining(life).is_zero())
    }

    /// True for half a minute after the pair was received, or a tenth of the access token's lifetime if that is less.
    #[must_use]
    pub fn was_just_issued(&self, session: &StoredSession, now: &ClockReading) -> bool {
        let span = session.access_token_lifetime().map_or(JUST_ISSUED, |life| (life / 10).min(JUST_ISSUED));
        match now.since(&session.received) {
            Elapsed::Unknown => false,
            elapsed => !elapsed.remaining(span).is_zero(),
        }
    }

    /// What to do when a host has answered 401 to a request with an access token of this session.
    ///
    /// `session` is the session as it is now. `rejected_token_is_current` tells whether its access token is the rejected one.
    pub fn on_unauthorized(
        &self,
        session: &StoredSession,
        rejected_token_is_current: bool,
        now: &ClockReading,
    ) -> Unauthorized401 {
        if !rejected_token_is_current {
            Unauthorized401::UseNewer
        } else if self.was_just_issued(session, now) {
            Unauthorized401::KeepCurrent
        } else {
            Unauthorized401::Refresh
        }
    }

    /// Which pair counts when the store's record of the same session was read for a refresh.
    ///
    /// `is_saved` tells whether the pair in memory has been written to the store. An older pair in the store never counts: it was
    /// brought back, or written late. Where nobody can tell which is the older one, another pair in the store is another
    /// process's, unless the one in memory has never been there.
    pub fn on_stored_record(
        &self,
        in_memory: &StoredSession,
        is_saved: bool,
        stored: &StoredSession,
        now: &ClockReading,
    ) -> StoredRecord {
        // It is saved, whatever memory believes: written again it would take the mark of another process's refresh away.
        if stored.has_same_pair(in_memory) {
            return StoredRecord::RefreshStored;
        }
        let is_newer = in_memory.is_older_than(stored) || (is_saved && !stored.is_older_than(in_memory));
        let is_usable = self.token_freshness(stored, now) != Freshness::Expired { uncertain: false };
        match (is_newer, is_usable) {
            (true, true) => StoredRecord::UseStored,
            (true, false) => StoredRecord::RefreshStored,
            (false, _) => StoredRecord::SaveInMemory,
        }
    }

    /// How long before its expiry a token is refreshed: a tenth of its lifetime, at most a minute, plus up to as much again by
    /// jitter.
    fn refresh_margin(&self, life: Duration) -> Duration {
        (life / 10).min(MAX_REFRESH_MARGIN).mul_f64(1.0 + self.jitter.clamp(0.0, 1.0))
    }

    /// Whether the host may be asked for a refresh now. If so, returns the record to save before the request is sent: it is
    /// marked [`in_flight_or_lost`](RefreshHistory::in_flight_or_lost), so that the next process knows of the request if
    /// this one dies.
    ///
    /// # Errors
    /// - [`SessionError::Ended`] if the refresh token has definitely expired. If only the wall clock says so, the host is
    ///   asked, since the clock may have been set.
    /// - [`SessionError::ReauthenticationRequired`] after a refusal, except for [`RefreshTrigger::Explicit`].
    /// - [`SessionError::BackingOff`] while a backoff binds this trigger. One that the host asked for binds all. One of our
    ///   own binds [`RefreshTrigger::Proactive`] and [`RefreshTrigger::Scheduled`], and [`RefreshTrigger::TokenNeeded`] from the third failure in a row on.
    pub fn check_refresh_allowed(
        &self,
        stored: &StoredSession,
        trigger: RefreshTrigger,
        now: &ClockReading,
    ) -> Result<StoredSession, SessionError> {
        let passed = |life: Duration| now.since(&stored.received).has_definitely_passed(life);
        if stored.refresh_token_lifetime().is_some_and(passed) {
            return Err(SessionError::Ended);
        }
        let history = &stored.refresh_history;
        if history.rejected && trigger != RefreshTrigger::Explicit {
            return Err(SessionError::ReauthenticationRequired { server_message: ServerMessage::default() });
        }
        let binds = |from_retry_after: bool| match trigger {
            RefreshTrigger::Proactive | RefreshTrigger::Scheduled => true,
            RefreshTrigger::TokenNeeded => {
                from_retry_after || history.failures > FAILURES_BEFORE_BACKOFF_BINDS
            }
            RefreshTrigger::Explicit => from_retry_after,
        };
        if let Some(backoff) = history.backoff
            && binds(backoff.from_retry_after)
            && let Some(left) = backoff.left(now)
        {
            return Err(SessionError::BackingOff { retry_after: left });
        }
        let refresh_history = RefreshHistory { in_flight_or_lost: true, ..history.clone() };
        Ok(StoredSession { refresh_history, ..stored.clone() })
    }

    /// What the outcome of a refresh means for the session. `stored` is the record as it was before
    /// [`check_refresh_allowed`](Self::check_refresh_allowed) marked it.
    ///
    /// | outcome | record to keep |
    /// | --- | --- |
    /// | a new pair | the new pair, with an empty history |
    /// | the host ended the session | none |
    /// | the host refused; a second unrecognized 401 in a row | the old pair, marked as rejected |
    /// | the request was not sent, or the host blocks further attempts | the record as it was |
    /// | everything else | the old pair, of unknown outcome, with a backoff |
    pub fn on_refresh_outcome(
        &self,
        stored: &StoredSession,
        outcome: RefreshOutcome,
        now: &ClockReading,
    ) -> RefreshResult {
        let old = &stored.refresh_history;
        let with =
            |refresh_history: RefreshHistory| Some(StoredSession { refresh_history, ..stored.clone() });
        match outcome {
            RefreshOutcome::Refreshed(session) => RefreshResult { keep: Some(*session), result: Ok(()) },
            RefreshOutcome::Ended => RefreshResult { keep: None, result: Err(SessionError::Ended) },
            RefreshOutcome::Refused { server_message } => RefreshResult {
                keep: with(RefreshHistory::after_rejection(0)),
                result: Err(SessionError::ReauthenticationRequired { server_message }),
            },
            RefreshOutcome::Unrecognized401 => {
                let unrecognized_401s = old.unrecognized_401s_with_this(now);
                if unrecognized_401s >= MAX_UNRECOGNIZED_401S {
                    let server_message = ServerMessage::default();
                    return RefreshResult {
                        keep: with(RefreshHistory::after_rejection(unrecognized_401s)),
                        result: Err(SessionError::ReauthenticationRequired { server_message }),
                    };
                }
                let refresh_history = old.after_failure(now, None, self.jitter);
                let error = CallError::NotB2Core { what: "a 401 that is not in its form", status: 401 };
                RefreshResult {
                    keep: with(RefreshHistory { unrecognized_401s, ..refresh_history }),
                    result: Err(error.into()),
                }
            }
            RefreshOutcome::Kept { error, was_not_sent } => {
                let refresh_history = match &error {
                    // The attempt log keeps the block.
                    CallError::LockedOut(_) => old.clone(),
                    // It cost the host nothing, and the network may be back at any time.
                    _ if was_not_sent => old.clone(),
                    CallError::HostFailed { retry_after, .. } => {
                        old.after_failure(now, *retry_after, self.jitter)
                    }
                    CallError::Transport(_)
                    | CallError::NotB2Core { .. }
                    | CallError::Redirected { .. }
                    | CallError::BlockedByGateway { .. }
                    | CallError::Protocol { .. } => old.after_failure(now, None, self.jitter),
                };
                RefreshResult { keep: with(refresh_history), result: Err(error.into()) }
            }
        }
    }
}

#[cfg(test)]
mod tests;
