//! Refreshing all that is due: one round through the sessions of a store, for a service.
//!
//! 1. Where another process has found the host away, nothing is done.
//! 2. The walk through the store's keys begins at a random place and goes once around, in pages.
//! 3. A session that need not be looked at yet ([`DueHints`](crate::host::DueHints)) is passed by. The others are loaded, `at_most` at a
//!    time, and refreshed if they are due, by the refresh that everybody uses: single flight, lock, policy, budget.
//! 4. Three failures in a row stop the round: one account's own block, or one broken record, says nothing of the others. What is under way
//!    comes to its end. Then the host is left alone in the background by all processes, for as long as it asked for.

use super::{
    account_state::{AccountState, SharedAccounts},
    load_session::load_session,
    refresh::refresh,
    refresh_round::{RefreshRound, RoundStop},
};
use crate::host::{HostConnection, RoundHints};
use auth_core::{
    CallError, ClockReading, Elapsed, LockedOut, LockedOutBy, Office, Recovery,
    attempts::BudgetShare,
    ports::{RecordKey, RecordKind, StoreCursor, StoreError},
    session::{RefreshTrigger, SessionError},
};
use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;

/// So many keys are held at a time.
const PAGE: usize = 256;
/// The most refreshes at a time, whatever is asked for.
const MAX_AT_A_TIME: usize = 1024;
/// So many failures in a row stop a round.
const MAX_FAILURES: u32 = 3;
/// How long the host is left alone then: if it does not say, and at least and at most.
const PAUSES: (Duration, Duration, Duration) =
    (Duration::from_secs(10), Duration::from_secs(1), Duration::from_secs(60));
/// When a round is called again, at the earliest.
const MIN_INTERVAL: Duration = Duration::from_millis(100);
/// How long the budget is waited for, at least: a round with a short `within` is no reason to give up.
const MIN_PATIENCE: Duration = Duration::from_secs(1);

/// What the tasks of a round share.
struct Shared {
    host: Arc<HostConnection>,
    accounts: Arc<SharedAccounts>,
    office: Office,
    within: Duration,
    started: ClockReading,
    stopping: AtomicBool,
}

/// What one session came to.
enum Outcome {
    Gone,
    NotDue,
    Refreshed,
    Elsewhere,
    Ended,
    Refused,
    /// It was due, and was not asked for.
    NotAsked(Option<RoundStop>),
    Unreadable(StoreError),
    Failed(SessionError),
}

/// What the round knows at its end.
struct Round {
    report: RefreshRound,
    hints: RoundHints,
    failures: u32,
    next_due: Duration,
    retry_after: Option<Duration>,
}

pub(crate) async fn refresh_due(
    host: &Arc<HostConnection>,
    accounts: &Arc<SharedAccounts>,
    office: Office,
    within: Duration,
    at_most: usize,
) -> RefreshRound {
    let mut round = Round {
        report: RefreshRound::default(),
        hints: RoundHints::default(),
        failures: 0,
        next_due: within / 2,
        retry_after: None,
    };
    match host.refresh_budget.paused().await {
        Ok(None) => {}
        Ok(Some(left)) => {
            round.report.stopped = Some(RoundStop::HostLeftAlone);
            round.report.call_again_in = left.max(MIN_INTERVAL);
            return round.report;
        }
        Err(error) => {
            round.report.stopped = Some(RoundStop::StoreUnavailable(error));
            round.report.call_again_in = PAUSES.0;
            return round.report;
        }
    }
    let shared = Arc::new(Shared {
        host: host.clone(),
        accounts: accounts.clone(),
        office,
        within,
        started: host.clock.reading(),
        stopping: AtomicBool::new(false),
    });
    let mut tasks = JoinSet::new();
    if let Err(error) = walk(&shared, &mut tasks, &mut round, at_most.clamp(1, MAX_AT_A_TIME)).await {
        shared.stop(&mut round, RoundStop::StoreUnavailable(error));
    }
    while let Some(done) = tasks.join_next().await {
        take_in(&shared, &mut round, done.ok());
    }
    finish(&shared, round).await
}

/// Begins with every session that may be due, at most so many at a time.
async fn walk(
    shared: &Arc<Shared>,
    tasks: &mut JoinSet<Done>,
    round: &mut Round,
    at_most: usize,
) -> Result<(), StoreError> {
    let host = &shared.host;
    let start = random_place();
    // The second half ends inside the first page, which is not gone through twice.
    let (mut first_page, mut is_first) = (HashSet::new(), true);
    // From a random place to the end, then from the beginning to that place.
    for (mut from, until) in [(start.clone(), None), (StoreCursor::start(), Some(start))] {
        loop {
            let page = host.store.keys_page(&from, PAGE).await?;
            for key in page.keys {
                if is_first {
                    first_page.insert(key.clone());
                } else if first_page.contains(&key) {
                    continue;
                }
                let account = &key.account;
                let is_ours = key.kind == RecordKind::Session
                    && account.office == shared.office
                    && account.host == host.host;
                if !is_ours {
                    continue;
                }
                let now = host.clock.reading();
                if let Some(rest) = host.due_hints.rest_of(&key, &now) {
                    round.report.sessions += 1;
                    round.sleeps(shared, &key, rest, &now);
                    continue;
                }
                while tasks.len() >= at_most {
                    take_in(shared, round, tasks.join_next().await.and_then(Result::ok));
                }
                if shared.is_stopping() {
                    return Ok(());
                }
                let shared = shared.clone();
                tasks.spawn_on(async move { one(&shared, key).await }, &host.runtime.of_shared_work());
            }
            is_first = false;
            match page.next {
                Some(next) if until.as_ref().is_none_or(|until| next < *until) => from = next,
                _ => break,
            }
        }
    }
    Ok(())
}

/// A session that was looked at.
struct Done {
    key: RecordKey,
    outcome: Outcome,
    /// When it is due next.
    due_in: Option<Duration>,
}

async fn one(shared: &Shared, key: RecordKey) -> Done {
    let account =
        AccountState::shared(&shared.accounts, &shared.host, &key.account.profile, key.account.office);
    let outcome = refresh_if_due(shared, &account).await;
    let now = shared.host.clock.reading();
    let active = account.active();
    let due_in = active.and_then(|active| active.policy.due_in(&active.session, &now, shared.within));
    Done { key, outcome, due_in }
}

async fn refresh_if_due(shared: &Shared, account: &Arc<AccountState>) -> Outcome {
    let host = &shared.host;
    let active = match load_session(account).await {
        Ok(Some(active)) => active,
        Ok(None) => return Outcome::Gone,
        Err(error) => return Outcome::Unreadable(error),
    };
    if active.policy.due_in(&active.session, &host.clock.reading(), shared.within) != Some(Duration::ZERO) {
        return Outcome::NotDue;
    }
    loop {
        while let Some(wait) = host.refresh_budget.denied(BudgetShare::Background) {
            if shared.is_stopping() || shared.has_waited_for(wait) {
                return Outcome::NotAsked(Some(RoundStop::Budget));
            }
            host.clock.sleep(wait.max(Duration::from_millis(1))).await;
        }
        if shared.is_stopping() {
            return Outcome::NotAsked(None);
        }
        let (before, denials) = (account.refreshed(), host.refresh_budget.denials());
        match refresh(account, &active, RefreshTrigger::Scheduled).await {
            Ok(()) if account.refreshed() == before => return Outcome::Elsewhere,
            Ok(()) => return Outcome::Refreshed,
            Err(error) => match error.cause {
                SessionError::Ended => return Outcome::Ended,
                SessionError::NotSignedIn | SessionError::Store(StoreError::SessionReplaced) => {
                    return Outcome::Elsewhere;
                }
                // None was in force when it was found due: somebody else has the lock, or has tried meanwhile.
                SessionError::BackingOff { .. } => return Outcome::Elsewhere,
                SessionError::ReauthenticationRequired { .. } => return Outcome::Refused,
                // The budget is spent: others were faster. If it is not, this account's attempts are.
                SessionError::Call(CallError::LockedOut(LockedOut {
                    by: LockedOutBy::RateLimiter, ..
                })) if host.refresh_budget.denials() != denials => {}
                cause => return Outcome::Failed(cause),
            },
        }
    }
}

/// Takes in what a task came to; none if it was cut off.
fn take_in(shared: &Shared, round: &mut Round, done: Option<Done>) {
    let Some(Done { key, outcome, due_in }) = done else {
        *round.report.failed.entry("cut_off").or_default() += 1;
        return;
    };
    let report = &mut round.report;
    if matches!(outcome, Outcome::Gone) {
        return;
    }
    report.sessions += 1;
    report.due += usize::from(!matches!(outcome, Outcome::NotDue | Outcome::Unreadable(_)));
    let mut is_failure = false;
    match outcome {
        Outcome::Gone | Outcome::NotDue => {}
        Outcome::Refreshed => report.refreshed += 1,
        Outcome::Elsewhere => report.elsewhere += 1,
        Outcome::Ended => report.ended += 1,
        Outcome::Refused => report.reauthentication_required += 1,
        Outcome::NotAsked(why) => {
            report.remaining += 1;
            if let Some(why) = why {
                shared.stop(round, why);
            }
            return;
        }
        Outcome::Unreadable(error) => {
            *report.failed.entry(error.kind()).or_default() += 1;
            if matches!(error, StoreError::Corrupt { .. }) {
                return;
            }
            is_failure = true;
            round.failures += 1;
            if round.failures >= MAX_FAILURES {
                shared.stop(round, RoundStop::StoreUnavailable(error));
            }
        }
        Outcome::Failed(error) => {
            *report.failed.entry(error.kind()).or_default() += 1;
            let why = why_it_stops(&error);
            if let Recovery::Retry { after: Some(wait) } | Recovery::Wait { retry_after: wait } =
                error.recovery()
            {
                round.retry_after = round.retry_after.max(Some(wait));
            }
            is_failure = why.is_some();
            round.failures += u32::from(is_failure);
            if let Some(why) = why.filter(|_| round.failures >= MAX_FAILURES) {
                shared.stop(round, why);
            }
        }
    }
    if !is_failure {
        round.failures = 0;
    }
    let now = shared.host.clock.reading();
    // One that is never due may be signed in anew. One that is due is looked at again in the next round.
    round.sleeps(shared, &key, due_in.unwrap_or(shared.within / 2), &now);
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

async fn finish(shared: &Shared, round: Round) -> RefreshRound {
    let Round { mut report, hints, next_due, retry_after, .. } = round;
    let host = &shared.host;
    host.due_hints.take_over(hints, report.stopped.is_none());
    let (by_default, least, most) = PAUSES;
    report.call_again_in = match &report.stopped {
        Some(RoundStop::HostUnavailable | RoundStop::HostLimits | RoundStop::HostLeftAlone) => {
            let pause = retry_after.unwrap_or(by_default).clamp(least, most);
            host.refresh_budget.pause(pause).await;
            pause
        }
        Some(RoundStop::StoreUnavailable(_)) => by_default,
        Some(RoundStop::Budget) => {
            host.refresh_budget.denied(BudgetShare::Background).unwrap_or_default().max(MIN_INTERVAL)
        }
        None if report.failed.is_empty() => next_due.max(MIN_INTERVAL),
        None => next_due.max(least),
    };
    report
}

impl Round {
    /// Not to be looked at for so long.
    fn sleeps(&mut self, shared: &Shared, key: &RecordKey, rest: Duration, now: &ClockReading) {
        self.next_due = self.next_due.min(rest);
        shared.host.due_hints.put(&mut self.hints, key, rest, now);
    }
}

impl Shared {
    fn stop(&self, round: &mut Round, why: RoundStop) {
        self.stopping.store(true, Ordering::Release);
        round.report.stopped.get_or_insert(why);
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// True if so much longer is too long for one round.
    fn has_waited_for(&self, wait: Duration) -> bool {
        match self.host.clock.reading().since(&self.started) {
            Elapsed::Certain(elapsed) | Elapsed::Likely(elapsed) => {
                elapsed.saturating_add(wait) > self.within.max(MIN_PATIENCE)
            }
            Elapsed::Unknown => true,
        }
    }
}

/// A place anywhere in the store, so that processes that begin together do not walk together. Without random numbers: the beginning.
fn random_place() -> StoreCursor {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => StoreCursor::after(bytes),
        Err(_) => StoreCursor::start(),
    }
}
