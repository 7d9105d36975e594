//! What a round of refreshes has come to so far, and when it has to stop.

use super::{
    due_session::{DueOutcome, LookedAt, RoundContext},
    refresh_round::{RefreshRound, RoundStop},
};
use crate::host::RoundHints;
use auth_core::{
    CallError, ClockReading, LockedOut, LockedOutBy, Recovery,
    attempts::QuotaShare,
    ports::{RecordKey, StoreError},
    session::SessionError,
};
use std::time::Duration;

/// So many failures in a row stop a round.
const MAX_FAILURES: u32 = 3;
/// A session that another process is refreshing is not looked at again before.
const ELSEWHERE: Duration = Duration::from_secs(1);
/// How long the host is left alone then: if it does not say, and at least and at most.
const PAUSES: (Duration, Duration, Duration) =
    (Duration::from_secs(10), Duration::from_secs(1), Duration::from_secs(60));
/// When a round is called again, at the earliest.
const MIN_INTERVAL: Duration = Duration::from_millis(100);

pub(super) struct RoundTally {
    report: RefreshRound,
    hints: RoundHints,
    /// Since the host, or the store, last did what it was asked for.
    host_failures: u32,
    store_failures: u32,
    next_due: Duration,
    retry_after: Option<Duration>,
}

impl RoundTally {
    pub(super) fn new(within: Duration) -> Self {
        Self {
            report: RefreshRound::default(),
            hints: RoundHints::default(),
            host_failures: 0,
            store_failures: 0,
            next_due: within / 2,
            retry_after: None,
        }
    }

    /// Nothing was done, and it is no use to try before this is over.
    pub(super) fn not_begun(mut self, why: RoundStop, wait: Option<Duration>) -> RefreshRound {
        self.report.stopped = Some(why);
        self.report.call_again_in = wait.unwrap_or(PAUSES.0).max(MIN_INTERVAL);
        self.report
    }

    pub(super) fn stop(&mut self, round: &RoundContext, why: RoundStop) {
        round.stop();
        self.report.stopped.get_or_insert(why);
    }

    /// This one need not be looked at now.
    pub(super) fn pass_by(
        &mut self,
        round: &RoundContext,
        key: &RecordKey,
        rest: Duration,
        now: &ClockReading,
    ) {
        self.report.sessions += 1;
        self.look_again_in(round, key, rest, now);
    }

    fn look_again_in(&mut self, round: &RoundContext, key: &RecordKey, rest: Duration, now: &ClockReading) {
        self.next_due = self.next_due.min(rest);
        round.host.due_hints.put(&mut self.hints, key, rest, now);
    }

    /// Takes in what a session came to; none if that was cut off.
    pub(super) fn take_in(&mut self, round: &RoundContext, looked_at: Option<LookedAt>) {
        let Some(LookedAt { key, outcome, due_in }) = looked_at else {
            *self.report.failed.entry("cut_off").or_default() += 1;
            return;
        };
        let report = &mut self.report;
        if matches!(outcome, DueOutcome::Gone) {
            return;
        }
        let is_elsewhere = matches!(outcome, DueOutcome::Elsewhere);
        report.sessions += 1;
        report.due += usize::from(!matches!(outcome, DueOutcome::NotDue | DueOutcome::Unreadable(_)));
        match outcome {
            DueOutcome::Gone => {}
            DueOutcome::NotDue => self.store_failures = 0,
            DueOutcome::Elsewhere => {
                report.elsewhere += 1;
                self.store_failures = 0;
            }
            DueOutcome::Refreshed => {
                report.refreshed += 1;
                self.all_is_well();
            }
            DueOutcome::Ended => {
                report.ended += 1;
                self.all_is_well();
            }
            DueOutcome::Rejected => {
                report.reauthentication_required += 1;
                self.all_is_well();
            }
            DueOutcome::NotAsked(why) => {
                report.remaining += 1;
                if let Some(why) = why {
                    self.stop(round, why);
                }
                return;
            }
            DueOutcome::Unreadable(error) => {
                *report.failed.entry(error.kind()).or_default() += 1;
                // A record that is damaged says nothing of the others. It is reported once, and then gone.
                if !matches!(error, StoreError::Corrupt { .. } | StoreError::Newer { .. }) {
                    self.count_failure(round, RoundStop::StoreUnavailable(error));
                }
                return;
            }
            DueOutcome::NotRefreshed(error) => {
                *report.failed.entry(error.kind()).or_default() += 1;
                if let Recovery::Retry { after: Some(wait) } | Recovery::Wait { retry_after: wait } =
                    error.recovery()
                {
                    self.retry_after = self.retry_after.max(Some(wait));
                }
                if let Some(why) = why_it_stops(&error) {
                    self.count_failure(round, why);
                }
            }
        }
        let due_in = match is_elsewhere {
            // Whoever has it needs his time. A round that came back at once would find it so again.
            true => due_in.map(|due_in| due_in.max(ELSEWHERE)),
            false => due_in,
        };
        let now = round.host.clock.reading();
        // One that is never due may be signed in anew. One that is still due is looked at again in the next round.
        self.look_again_in(round, &key, due_in.unwrap_or(round.within / 2), &now);
    }

    fn all_is_well(&mut self) {
        (self.host_failures, self.store_failures) = (0, 0);
    }

    fn count_failure(&mut self, round: &RoundContext, why: RoundStop) {
        let failures = match why {
            RoundStop::StoreUnavailable(_) => &mut self.store_failures,
            _ => &mut self.host_failures,
        };
        *failures += 1;
        if *failures >= MAX_FAILURES {
            self.stop(round, why);
        }
    }

    /// The report, once all that was begun has been taken in. Where the host has failed, other processes get to know.
    pub(super) async fn finish(self, round: &RoundContext) -> RefreshRound {
        let Self { mut report, hints, next_due, retry_after, .. } = self;
        let host = &round.host;
        host.due_hints.take_over(hints, report.stopped.is_none());
        let (by_default, least, most) = PAUSES;
        report.call_again_in = match &report.stopped {
            Some(RoundStop::HostUnavailable | RoundStop::HostLimits | RoundStop::HostLeftAlone) => {
                let pause = retry_after.unwrap_or(by_default).clamp(least, most);
                host.refresh_quota.pause(pause).await;
                pause
            }
            Some(RoundStop::StoreUnavailable(_)) => by_default,
            Some(RoundStop::Quota) => {
                host.refresh_quota.denied(QuotaShare::Background).unwrap_or_default().max(MIN_INTERVAL)
            }
            None if report.failed.is_empty() => next_due.max(MIN_INTERVAL),
            None => next_due.max(least),
        };
        report
    }
}

/// What a failure says of the host, or of the store. Nothing if it is about this session alone.
fn why_it_stops(error: &SessionError) -> Option<RoundStop> {
    match error {
        SessionError::Call(CallError::LockedOut(LockedOut { by: LockedOutBy::Host, .. })) => {
            Some(RoundStop::HostLimits)
        }
        SessionError::Call(CallError::HostFailed { status: 429, .. }) => Some(RoundStop::HostLimits),
        SessionError::Call(CallError::LockedOut(_)) => None,
        SessionError::Call(_) => Some(RoundStop::HostUnavailable),
        SessionError::Store(error) | SessionError::NotSaved(error) => {
            Some(RoundStop::StoreUnavailable(error.clone()))
        }
        _ => None,
    }
}
