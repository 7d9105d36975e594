//! Refreshing a pair, in the order that loses nothing. In this process callers share one refresh; between processes only the
//! one that holds the store's lock refreshes.
//!
//! 1. [`refresh`] joins the refresh under way or starts one ([`start_refresh`]), and waits for its result.
//! 2. [`RefreshLock::acquire`] waits for the store's lock and reads the record again. A newer pair of another process
//!    ends the refresh here.
//! 3. [`SessionPolicy::check_refresh_allowed`](auth_core::session::SessionPolicy::check_refresh_allowed) says whether the host may be asked, and gives the
//!    record with the intent. The operator's quota is asked too, if there is one
//!    ([`HostQuota`](crate::host)).
//! 4. [`Refresh::send_refresh`] saves the intent and the count of the attempt in one write, then sends the request.
//! 5. After a failure the record is read once more: another process's pair is neither removed nor written over. An older pair that
//!    was brought back is.
//! 6. [`SessionPolicy::on_refresh_outcome`](auth_core::session::SessionPolicy::on_refresh_outcome) says what the outcome means for the session.
//! 7. [`Refresh::persist_refresh_result`] saves the new pair and only then publishes it; [`Refresh::end`] removes the session that
//!    the host has ended, and no other.
//!    What the outcome says of the host's health is noted too ([`health_after`]).
//! 8. The host is there, so pending revocations are delivered; who waits for the token does not wait for that.
//!
//! All of it runs where it comes to its end, whatever becomes of the caller ([`WorkRuntime`](crate::host::WorkRuntime)).
//!
//! An answer that was lost leaves the intent in the record. The next refresh sends the old refresh token once more: a host with a
//! grace window answers, another one refuses, and the session ends.

use super::{
    account_state::AccountState,
    active_session::ActiveSession,
    auth_state::{Health, StateReason},
    refresh_lock::RefreshLock,
    refresh_request::{RefreshAnswer, request_refresh},
    revocations,
    session_record::{Found, SessionRecord},
    single_flight::{Joined, SharedResult, unavailable},
};
use crate::{
    RequestError,
    host::{Denied, Trace, WorkRuntime},
};
use auth_core::{
    CallError,
    attempts::QuotaShare,
    ports::{Record, RecordKind, StoreError},
    session::{RefreshOutcome, RefreshTrigger, SessionEndReason, SessionError, StoredSession},
};
use std::sync::Arc;
use tracing::Instrument;

/// So many refreshes may be cut off by the end of their runtime before somebody who waits is refused.
const MAX_CUT_OFF: u32 = 2;

/// A session that was never saved cannot be refreshed: nobody could tell whether another process refreshes it too.
pub(super) const NEVER_SAVED: StoreError = StoreError::unavailable("this session was never saved");

/// Refreshes the pair in `seen`, or waits for whoever does.
pub(super) async fn refresh(
    account: &Arc<AccountState>,
    seen: &Arc<ActiveSession>,
    trigger: RefreshTrigger,
) -> SharedResult {
    let mut cut_off = 0;
    loop {
        // A runtime that was given to the client may have ended.
        let own;
        let runtime = if cut_off == 0 {
            &account.scope.runtime
        } else {
            own = WorkRuntime::own().map_err(|_| unavailable("there is no thread for the refresh"))?;
            &own
        };
        let Some(mut joined) = start_refresh_on(account, runtime, seen, trigger) else {
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
    seen: &Arc<ActiveSession>,
    trigger: RefreshTrigger,
) -> Option<Joined> {
    start_refresh_on(account, &account.scope.runtime, seen, trigger)
}

fn start_refresh_on(
    account: &Arc<AccountState>,
    runtime: &WorkRuntime,
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

impl Refresh {
    async fn run(&self, trigger: RefreshTrigger) -> SharedResult {
        let result = self.refresh_under_lock(trigger).await;
        match &result {
            Ok(()) => {
                self.record.account.store_answered();
                revocations::start_delivery(&self.record.account);
            }
            // A pair that came too late, to be revoked. The lock is given back by now: the next sign-in does not wait.
            Err(RequestError {
                cause: SessionError::Store(StoreError::SessionReplaced),
                correlation_id: Some(_),
                ..
            }) => {
                revocations::deliver_unasked(&self.record.account).await;
            }
            Err(RequestError {
                cause: SessionError::Store(error) | SessionError::NotSaved(error), ..
            }) if !matches!(error, StoreError::SessionReplaced) => {
                self.record.account.set_health(Health::StoreUnavailable);
            }
            // A pair that was never saved may have been queued, to be revoked.
            Err(RequestError { cause: SessionError::NotSignedIn, .. }) => {
                revocations::start_delivery(&self.record.account)
            }
            Err(_) => {}
        }
        result
    }

    async fn refresh_under_lock(&self, trigger: RefreshTrigger) -> SharedResult {
        let scope = &self.record.account.scope;
        if trigger != RefreshTrigger::Explicit
            && let Some(away) = scope.reachability.left_alone(&scope.clock.reading())
        {
            return Err(RequestError::here(CallError::Transport(away)));
        }
        let (_lock, found) = match RefreshLock::acquire(&self.record, &self.seen, trigger)
            .await
            .map_err(RequestError::here)?
        {
            RefreshLock::Acquired { lock, found } => (lock, found),
            RefreshLock::AlreadyRefreshed => return Ok(()),
        };
        let Found { session: stored, record } = *found;
        let now = scope.clock.reading();
        let intent = match self.seen.policy.check_refresh_allowed(&stored, trigger, &now) {
            Ok(intent) => intent,
            Err(SessionError::Ended) => {
                // An access token that outlives the refresh token is good until its own end.
                if self.seen.policy.has_time_left(&stored, &now) {
                    return Err(RequestError::here(SessionError::Ended));
                }
                return self.end(&stored, record, SessionEndReason::Expired, None).await;
            }
            Err(held_back) => {
                self.record.update_in_memory(&stored);
                return Err(RequestError::here(held_back));
            }
        };
        scope.refresh_quota.acquire(share_of(trigger)).await.map_err(denied)?;
        let answer = self.send_refresh(&stored, &intent).await?;
        let refreshed = matches!(answer.outcome, RefreshOutcome::Refreshed(_));
        let mut there = record;
        if !refreshed && !answer.was_not_sent {
            // The lock can be lost to a machine that slept, so a failure is believed after one more read.
            match self.record.read().await {
                Ok(found) if found.is_not_newer_than(&stored) => there = found.record,
                Ok(another) => {
                    self.record.publish(another.session, Some(StateReason::ChangedElsewhere));
                    return Ok(());
                }
                Err(error) => return Err(RequestError::at(error, answer.trace)),
            }
        }
        let RefreshAnswer { outcome, now, trace, .. } = answer;
        let result = self.seen.policy.on_refresh_outcome(&stored, outcome, &now);
        if let Err(error) = &result.result {
            tracing::info!(correlation_id = %trace, cause = error.kind(), "the session was not refreshed");
        }
        let Some(record) = result.keep else {
            return self.end(&stored, there, SessionEndReason::EndedByHost, Some(trace)).await;
        };
        let result = result.result.map_err(|error| RequestError::at(error, trace.clone()));
        self.persist_refresh_result(record, result, refreshed, &intent, trace).await
    }

    /// The session is over, unless another pair or another session has taken its place by now.
    async fn end(
        &self,
        ended: &StoredSession,
        mut there: Record,
        reason: SessionEndReason,
        trace: Option<Trace>,
    ) -> SharedResult {
        let failed = |error| match trace {
            Some(trace) => RequestError::at(error, trace),
            None => RequestError::here(error),
        };
        loop {
            if self.record.end(ended, &there, reason).await {
                return Err(failed(SessionError::Ended));
            }
            match self.record.read().await {
                // It was brought back meanwhile.
                Ok(older) if older.is_not_newer_than(ended) => there = older.record,
                Ok(newer) => {
                    self.record.publish(newer.session, Some(StateReason::ChangedElsewhere));
                    return Ok(());
                }
                Err(error) => return Err(failed(error)),
            }
        }
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
        let answer = answer.map_err(denied)?;
        if let Some(health) = health_after(&answer.outcome) {
            self.record.account.set_health(health);
        }
        Ok(answer)
    }

    async fn persist_refresh_result(
        &self,
        record: StoredSession,
        result: SharedResult,
        refreshed: bool,
        intent: &StoredSession,
        trace: Trace,
    ) -> SharedResult {
        if !refreshed {
            let is_changed = record.refresh_history != intent.refresh_history;
            if is_changed && let Err(error) = self.record.save(&record).await {
                tracing::warn!(error = error.kind(), "what a refresh came to could not be saved");
            }
            self.record.update_in_memory(&record);
            return result;
        }
        let mut saved = self.record.save(&record).await;
        // Another session is there: unless it was brought back, this one was signed out, or somebody else in.
        if matches!(saved, Err(StoreError::SessionReplaced)) && self.record.read().await.is_ok() {
            saved = self.record.save(&record).await;
        }
        match saved {
            Ok(()) => {
                self.record.account.count_refresh();
                self.record.publish(record, Some(StateReason::Refreshed));
                Ok(())
            }
            Err(StoreError::SessionReplaced) => {
                // Signed out, or somebody else in, while the host was asked: the new pair is nobody's.
                let (account, session_id) = (&self.record.account, self.record.session_id);
                if !revocations::queue(account, session_id, record.clone()).await {
                    // It cannot be kept for later, so it is now or never.
                    let _outcome = revocations::revoke_once(account, &record).await;
                }
                Err(RequestError::at(StoreError::SessionReplaced, trace))
            }
            // Even unsaved, the new pair is the only one that still works.
            Err(error) => {
                self.record.publish_unsaved(record, StateReason::Refreshed);
                Err(RequestError::at(SessionError::NotSaved(error), trace))
            }
        }
    }
}

/// Who waits for a refresh goes before the ones that nobody waits for.
fn share_of(trigger: RefreshTrigger) -> QuotaShare {
    match trigger {
        RefreshTrigger::Proactive | RefreshTrigger::Scheduled => QuotaShare::Background,
        RefreshTrigger::TokenNeeded | RefreshTrigger::Explicit => QuotaShare::OnDemand,
    }
}

fn denied(denied: Denied) -> RequestError<SessionError> {
    match denied {
        Denied::LockedOut(locked_out) => RequestError::here(CallError::LockedOut(locked_out)),
        Denied::Store(error) => RequestError::here(error),
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
