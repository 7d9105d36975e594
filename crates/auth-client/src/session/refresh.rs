//! Refreshing a pair, in the order that loses nothing. In this process callers share one refresh; between processes only the
//! one that holds the store's lock refreshes.
//!
//! 1. [`refresh`] joins the refresh under way or starts one ([`start_refresh`]), and waits for its result.
//! 2. [`Refresh::acquire_refresh_lock`] waits for the store's lock and reads the record again. A newer pair of another process
//!    ends the refresh here.
//! 3. [`SessionPolicy::check_refresh_allowed`](auth_core::session::SessionPolicy::check_refresh_allowed) says whether the host may be asked, and gives the
//!    record with the intent.
//! 4. [`Refresh::send_refresh`] saves the intent and the count of the attempt in one write, then sends the request.
//! 5. After a failure the record is read once more: another process's pair is neither removed nor written over.
//! 6. [`SessionPolicy::on_refresh_outcome`](auth_core::session::SessionPolicy::on_refresh_outcome) says what the outcome means for the session.
//! 7. [`Refresh::persist_refresh_result`] saves the new pair and only then publishes it, or removes the session that the host
//!    has ended.
//!    What the outcome says of the host's health is noted too ([`health_after`]).
//! 8. The host is there, so pending revocations are delivered; nobody waits for that.
//!
//! An answer that was lost leaves the intent in the record. The next refresh sends the old refresh token once more: a host with a
//! grace window answers, another one refuses, and the session ends.

use super::{
    account_state::AccountState,
    active_session::ActiveSession,
    auth_state::{Health, StateReason},
    refresh_request::{RefreshAnswer, request_refresh},
    revocations,
    session_record::SessionRecord,
    single_flight::{Joined, SharedResult, unavailable},
};
use crate::{RequestError, host::Denied};
use auth_core::{
    CallError, CorrelationId,
    ports::{RecordKind, StoreError, StoreLock},
    session::{
        Freshness, RefreshOutcome, RefreshResult, RefreshTrigger, SessionError, StoredRecord, StoredSession,
    },
};
use std::{sync::Arc, time::Duration};
use tokio::runtime::Handle;
use tracing::Instrument;

/// How long another process's refresh is waited for: longer than an exchange with a host may take.
const MAX_LOCK_WAIT: Duration = Duration::from_secs(45);
/// How often the store is read meanwhile: at first, and at most.
const READ_INTERVALS: (Duration, Duration) = (Duration::from_millis(4), Duration::from_millis(16));
/// So many refreshes may be cut off by the end of their runtime before somebody who waits is refused.
const MAX_CUT_OFF: u32 = 2;

/// A session that was never saved cannot be refreshed: nobody could tell whether another process refreshes it too.
pub(super) const NEVER_SAVED: StoreError = StoreError::Unavailable { what: "this session was never saved" };

/// Refreshes the pair in `seen`, or waits for whoever does.
pub(super) async fn refresh(
    account: &Arc<AccountState>,
    seen: &Arc<ActiveSession>,
    trigger: RefreshTrigger,
) -> SharedResult {
    let runtime = Handle::current();
    let mut cut_off = 0;
    loop {
        let Some(mut joined) = start_refresh(account, &runtime, seen, trigger) else {
            return Err(RequestError::here(NEVER_SAVED));
        };
        match joined.result().await {
            Some(result) if joined.aborted_before_send(trigger, &result) => {}
            Some(result) => return result,
            // It was begun on a runtime that is gone by now: begun anew here.
            None if cut_off < MAX_CUT_OFF => cut_off += 1,
            None => return Err(unavailable("the refresh was cut off")),
        }
    }
}

/// Joins the refresh under way, or starts one in a task of its own. `None` if the session was never saved.
pub(super) fn start_refresh(
    account: &Arc<AccountState>,
    runtime: &Handle,
    seen: &Arc<ActiveSession>,
    trigger: RefreshTrigger,
) -> Option<Joined> {
    let session_id = seen.session_id?;
    let start = || {
        let span = account.scope.span("refresh", Some(&seen.session.account));
        let key = account.scope.record_key(RecordKind::Session);
        let record = SessionRecord { account: account.clone(), key, session_id };
        let refresh = Refresh { record, seen: seen.clone() };
        async move { refresh.run(trigger).await }.instrument(span)
    };
    Some(account.refreshes.join(runtime, session_id, trigger, start))
}

/// One refresh of the pair in `seen`.
struct Refresh {
    record: SessionRecord,
    seen: Arc<ActiveSession>,
}

/// The right to refresh, or the news that somebody else has.
enum RefreshLock {
    /// This process may refresh this record, as long as the lock is held.
    Acquired { lock: StoreLock, stored: Box<StoredSession> },
    /// Another process has; its pair is in use now.
    AlreadyRefreshed,
}

impl Refresh {
    async fn run(&self, trigger: RefreshTrigger) -> SharedResult {
        let result = self.refresh_under_lock(trigger).await;
        match &result {
            Ok(()) => {
                self.record.account.store_answered();
                let account = self.record.account.clone();
                tokio::spawn(async move { revocations::deliver(&account).await }.in_current_span());
            }
            // A pair that came too late, to be revoked. The lock is given back by now: the next sign-in does not wait.
            Err(RequestError {
                cause: SessionError::Store(StoreError::SessionReplaced),
                correlation_id: Some(_),
            }) => {
                let _undelivered = revocations::deliver(&self.record.account).await;
            }
            Err(RequestError {
                cause: SessionError::Store(error) | SessionError::NotSaved(error), ..
            }) if !matches!(error, StoreError::SessionReplaced) => {
                self.record.account.set_health(Health::StoreUnavailable);
            }
            Err(_) => {}
        }
        result
    }

    async fn refresh_under_lock(&self, trigger: RefreshTrigger) -> SharedResult {
        let (_lock, stored) = match self.acquire_refresh_lock(trigger).await.map_err(RequestError::here)? {
            RefreshLock::Acquired { lock, stored } => (lock, stored),
            RefreshLock::AlreadyRefreshed => return Ok(()),
        };
        let now = self.record.account.scope.clock.reading();
        let intent = match self.seen.policy.check_refresh_allowed(&stored, trigger, &now) {
            Ok(intent) => intent,
            Err(SessionError::Ended) => {
                // An access token that outlives the refresh token is good until its own end.
                if !self.seen.policy.has_time_left(&stored, &now) {
                    self.record.end(StateReason::Expired).await;
                }
                return Err(RequestError::here(SessionError::Ended));
            }
            Err(held_back) => {
                self.record.update_in_memory(&stored);
                return Err(RequestError::here(held_back));
            }
        };
        let answer = self.send_refresh(&stored, &intent).await?;
        let refreshed = matches!(answer.outcome, RefreshOutcome::Refreshed(_));
        if !refreshed && !answer.was_not_sent {
            // The lock can be lost to a machine that slept, so a failure is believed after one more read.
            match self.record.read().await {
                Ok(found) if found.has_same_pair(&stored) => {}
                Ok(another) => {
                    self.record.publish(another, Some(StateReason::ChangedElsewhere));
                    return Ok(());
                }
                Err(error) => return Err(RequestError::at(error, answer.id)),
            }
        }
        let RefreshAnswer { outcome, now, id, .. } = answer;
        let result = self.seen.policy.on_refresh_outcome(&stored, outcome, &now);
        if let Err(error) = &result.result {
            tracing::info!(correlation_id = %id, cause = error.kind(), "the session was not refreshed");
        }
        self.persist_refresh_result(result, refreshed, &intent, id).await
    }

    /// Waits for the store's lock, with the record as it is then.
    async fn acquire_refresh_lock(&self, trigger: RefreshTrigger) -> Result<RefreshLock, SessionError> {
        let (mut interval, mut waited) = (READ_INTERVALS.0, Duration::ZERO);
        let clock = &self.record.account.scope.clock;
        loop {
            let lock = self.record.try_lock().await?;
            let stored = self.record.read().await?;
            let ActiveSession { session, unsaved, policy, .. } = &*self.seen;
            match (policy.on_stored_record(session, !unsaved, &stored, &clock.reading()), lock) {
                (StoredRecord::UseStored, _) => {
                    self.record.publish(stored, Some(StateReason::ChangedElsewhere));
                    return Ok(RefreshLock::AlreadyRefreshed);
                }
                (StoredRecord::RefreshStored, Some(lock)) => {
                    return Ok(RefreshLock::Acquired { lock, stored: Box::new(stored) });
                }
                (StoredRecord::SaveInMemory, Some(lock)) => {
                    let stored = self.save_pending_pair().await?;
                    let freshness = policy.token_freshness(&stored, &clock.reading());
                    if trigger == RefreshTrigger::Proactive && matches!(freshness, Freshness::Fresh(_)) {
                        return Ok(RefreshLock::AlreadyRefreshed);
                    }
                    return Ok(RefreshLock::Acquired { lock, stored: Box::new(stored) });
                }
                (_, None) if waited >= MAX_LOCK_WAIT => {
                    let what = "another process is refreshing the session";
                    return Err(StoreError::Unavailable { what }.into());
                }
                (_, None) => {
                    clock.sleep(interval).await;
                    tokio::task::yield_now().await;
                    waited += interval;
                    interval = interval.mul_f64(1.5).min(READ_INTERVALS.1);
                }
            }
        }
    }

    /// Saves the pair of an earlier refresh that could not be saved then: it is the one that works.
    async fn save_pending_pair(&self) -> Result<StoredSession, SessionError> {
        let session = self.seen.session.clone();
        self.record.save(&session).await.map_err(SessionError::NotSaved)?;
        self.record.publish(session.clone(), None);
        Ok(session)
    }

    /// Saves the intent, then asks the host. A store that does not take the intent would not take the new pair either: the host
    /// is then not asked.
    async fn send_refresh(
        &self,
        stored: &StoredSession,
        intent: &StoredSession,
    ) -> Result<RefreshAnswer, RequestError<SessionError>> {
        let is_new = stored.refresh_history != intent.refresh_history;
        let write = is_new.then(|| self.record.write_of(intent));
        let answer = request_refresh(&self.record.account.scope, stored, write).await;
        let answer = answer.map_err(|denied| match denied {
            Denied::LockedOut(locked_out) => RequestError::here(CallError::LockedOut(locked_out)),
            Denied::Store(error) => RequestError::here(error),
        })?;
        if let Some(health) = health_after(&answer.outcome) {
            self.record.account.set_health(health);
        }
        Ok(answer)
    }

    async fn persist_refresh_result(
        &self,
        result: RefreshResult,
        refreshed: bool,
        intent: &StoredSession,
        id: CorrelationId,
    ) -> SharedResult {
        let Some(record) = result.keep else {
            self.record.end(StateReason::EndedByHost).await;
            return result.result.map_err(|error| RequestError::at(error, id));
        };
        if !refreshed {
            let is_changed = record.refresh_history != intent.refresh_history;
            if is_changed && let Err(error) = self.record.save(&record).await {
                tracing::warn!(error = error.kind(), "what a refresh came to could not be saved");
            }
            self.record.update_in_memory(&record);
            return result.result.map_err(|error| RequestError::at(error, id));
        }
        match self.record.save(&record).await {
            Ok(()) => {
                self.record.publish(record, Some(StateReason::Refreshed));
                Ok(())
            }
            Err(StoreError::SessionReplaced) => {
                // Signed out, or somebody else in, while the host was asked: the new pair is nobody's.
                revocations::queue(&self.record.account, self.record.session_id, record).await;
                Err(RequestError::at(StoreError::SessionReplaced, id))
            }
            // Even unsaved, the new pair is the only one that still works.
            Err(error) => {
                self.record.publish_unsaved(record, StateReason::Refreshed);
                Err(RequestError::at(SessionError::NotSaved(error), id))
            }
        }
    }
}

/// What an outcome says of the host; `None` where somebody on the way may have answered.
fn health_after(outcome: &RefreshOutcome) -> Option<Health> {
    match outcome {
        RefreshOutcome::Refreshed(_) | RefreshOutcome::Ended | RefreshOutcome::Refused { .. } => {
            Some(Health::Healthy)
        }
        RefreshOutcome::Kept { error: CallError::LockedOut(_), .. } => Some(Health::Healthy),
        RefreshOutcome::Kept { .. } => Some(Health::HostUnavailable),
        RefreshOutcome::Unrecognized401 => None,
    }
}
