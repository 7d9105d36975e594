//! One session in a round of refreshes: is it due, and what does its refresh come to?

use super::{
    account_state::{AccountState, SharedAccounts},
    load_session::load_session,
    refresh::refresh,
    refresh_round::RoundStop,
};
use crate::host::HostConnection;
use auth_core::{
    CallError, ClockReading, Elapsed, LockedOut, LockedOutBy, Office,
    attempts::QuotaShare,
    ports::{RecordKey, StoreError},
    session::{RefreshTrigger, SessionError},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How long the quota is waited for, at least: a round with a short `within` is no reason to give up.
const MIN_PATIENCE: Duration = Duration::from_secs(1);

/// What the tasks of a round share.
pub(super) struct RoundContext {
    pub(super) host: Arc<HostConnection>,
    pub(super) accounts: Arc<SharedAccounts>,
    pub(super) office: Office,
    pub(super) within: Duration,
    pub(super) started: ClockReading,
    stopping: AtomicBool,
}

/// What one session came to.
pub(super) enum DueOutcome {
    Gone,
    NotDue,
    Refreshed,
    Elsewhere,
    Ended,
    Rejected,
    /// It was due, and was not asked for.
    NotAsked(Option<RoundStop>),
    Unreadable(StoreError),
    NotRefreshed(SessionError),
}

/// A session that was looked at.
pub(super) struct LookedAt {
    pub(super) key: RecordKey,
    pub(super) outcome: DueOutcome,
    /// When it is due next.
    pub(super) due_in: Option<Duration>,
}

/// Loads a session, and refreshes it if it is due.
pub(super) async fn look_at(round: &RoundContext, key: RecordKey) -> LookedAt {
    let account =
        AccountState::shared(&round.accounts, &round.host, &key.account.profile, key.account.office);
    let outcome = refresh_if_due(round, &account).await;
    let now = round.host.clock.reading();
    let active = account.active();
    let due_in = active.and_then(|active| active.policy.due_in(&active.session, &now, round.within));
    LookedAt { key, outcome, due_in }
}

async fn refresh_if_due(round: &RoundContext, account: &Arc<AccountState>) -> DueOutcome {
    let host = &round.host;
    let active = match load_session(account).await {
        Ok(Some(active)) => active,
        Ok(None) => return DueOutcome::Gone,
        Err(error) => return DueOutcome::Unreadable(error),
    };
    if active.policy.due_in(&active.session, &host.clock.reading(), round.within) != Some(Duration::ZERO) {
        return DueOutcome::NotDue;
    }
    loop {
        while let Some(wait) = host.refresh_quota.denied(QuotaShare::Background) {
            if round.is_stopping() || round.has_waited_for(wait) {
                return DueOutcome::NotAsked(Some(RoundStop::Quota));
            }
            host.clock.sleep(wait.max(Duration::from_millis(1))).await;
        }
        if round.is_stopping() {
            return DueOutcome::NotAsked(None);
        }
        let (before, denials) = (account.refreshed(), host.refresh_quota.denials());
        match refresh(account, &active, RefreshTrigger::Scheduled).await {
            Ok(()) if account.refreshed() == before => return DueOutcome::Elsewhere,
            Ok(()) => return DueOutcome::Refreshed,
            Err(error) => match error.cause {
                SessionError::Ended => return DueOutcome::Ended,
                SessionError::NotSignedIn | SessionError::Store(StoreError::SessionReplaced) => {
                    return DueOutcome::Elsewhere;
                }
                // None was in force when it was found due: somebody else has the lock, or has tried meanwhile.
                SessionError::BackingOff { .. } => return DueOutcome::Elsewhere,
                SessionError::ReauthenticationRequired { .. } => return DueOutcome::Rejected,
                // The quota is spent: others were faster. If it is not, this account's attempts are.
                SessionError::Call(CallError::LockedOut(LockedOut {
                    by: LockedOutBy::RateLimiter, ..
                })) if host.refresh_quota.denials() != denials => {}
                cause => return DueOutcome::NotRefreshed(cause),
            },
        }
    }
}

impl RoundContext {
    pub(super) fn new(
        host: &Arc<HostConnection>,
        accounts: &Arc<SharedAccounts>,
        office: Office,
        within: Duration,
    ) -> Self {
        let (host, accounts, started) = (host.clone(), accounts.clone(), host.clock.reading());
        Self { host, accounts, office, within, started, stopping: AtomicBool::new(false) }
    }

    /// No further session is refreshed.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    pub(super) fn is_stopping(&self) -> bool {
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
