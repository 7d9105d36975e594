//! Renewing a pair: one at a time, by the store's lock, in the order that loses nothing: intent, request, save, publish.

use super::{
    account::{Account, EndReason},
    flight::Landed,
    live::ActiveSession,
    revoke,
    state::StateReason,
};
use crate::{RequestError, context::Context, rate_limit::Denied};
use auth_core::{
    CallError, CorrelationId, Elapsed, Endpoint,
    ports::{Record, RecordKey, RecordKind, SessionId, StoreError, StoreLock, WriteCondition},
    session::{
        Freshness, RefreshOutcome, RefreshResult, RefreshTrigger, SessionError, StoredSession, refresh,
    },
};
use std::{sync::Arc, time::Duration};

/// How long another process's renewal is waited for: longer than an exchange with a host may take.
const MAX_WAIT: Duration = Duration::from_secs(45);
/// How often the store is looked at meanwhile: at first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(4), Duration::from_millis(16));

/// A renewal of the pair in `seen`, which is kept under this epoch.
pub(super) async fn renew(
    context: Arc<Context>,
    seen: Arc<ActiveSession>,
    session_id: SessionId,
    trigger: RefreshTrigger,
) -> Landed {
    let account = context.account(seen.session.office);
    let key = context.key(account.office, RecordKind::Session);
    let renewal = ReopenWizard { context: &context, account, key, session_id, seen: &seen };
    let landed = renewal.run(trigger).await;
    match &landed {
        // The host is there: whatever it has not heard of yet can be told now. Nobody waits for that.
        Ok(()) => {
            let (context, office) = (context.clone(), account.office);
            tokio::spawn(async move { revoke::deliver(&context, office).await });
        }
        // A pair that came too late, to be revoked. The lock is given back by now: the next sign-in does not wait.
        Err(RequestError {
            cause: SessionError::Store(StoreError::SessionReplaced),
            correlation_id: Some(_),
        }) => {
            let _undelivered = revoke::deliver(&context, account.office).await;
        }
        Err(_) => {}
    }
    landed
}

struct ReopenWizard<'a> {
    context: &'a Arc<Context>,
    account: &'a Account,
    key: RecordKey,
    session_id: SessionId,
    seen: &'a ActiveSession,
}

impl ReopenWizard<'_> {
    async fn run(&self, trigger: RefreshTrigger) -> Landed {
        let Some((_lock, stored)) = self.turn(trigger).await.map_err(RequestError::here)? else {
            return Ok(());
        };
        let now = self.context.clock.reading();
        let intent = match self.seen.policy.before(&stored, trigger, &now) {
            Ok(intent) => intent,
            Err(SessionError::Ended) => {
                // An access token that outlives the refresh token serves on until its own end.
                if !self.seen.policy.has_time_left(&stored, &now) {
                    self.end(EndReason::Ended, StateReason::Expired).await;
                }
                return Err(RequestError::here(SessionError::Ended));
            }
            Err(held_back) => {
                self.keep_in_mind(&stored);
                return Err(RequestError::here(held_back));
            }
        };
        self.ask(stored, intent).await
    }

    /// Waits for the right to renew, with the record as it is then; nothing if somebody else has renewed meanwhile.
    async fn turn(
        &self,
        trigger: RefreshTrigger,
    ) -> Result<Option<(StoreLock, StoredSession)>, SessionError> {
        let (mut pause, mut waited) = (PAUSES.0, Duration::ZERO);
        loop {
            let lock = self.context.store.try_lock(&self.key).await?;
            let stored = self.read_again().await?;
            let seen = &self.seen.session;
            let another =
                if self.seen.unsaved { self.is_newer(&stored) } else { !stored.has_same_pair(seen) };
            if another && self.serves(&stored) {
                self.follow(stored, StateReason::ChangedElsewhere);
                return Ok(None);
            }
            if let Some(lock) = lock {
                if self.seen.unsaved && !another {
                    let saved = self.save_at_last().await?;
                    let due = !matches!(self.freshness(&saved), Freshness::Fresh(_));
                    return Ok((due || trigger != RefreshTrigger::Proactive).then_some((lock, saved)));
                }
                // Also another process's pair, if that is over by now.
                return Ok(Some((lock, stored)));
            }
            if waited >= MAX_WAIT {
                return Err(
                    StoreError::Unavailable { what: "another process is renewing the session" }.into()
                );
            }
            self.context.clock.sleep(pause).await;
            tokio::task::yield_now().await;
            waited += pause;
            pause = pause.mul_f64(1.5).min(PAUSES.1);
        }
    }

    async fn read_again(&self) -> Result<StoredSession, SessionError> {
        match self.context.store.load(&self.key).await? {
            None => {
                self.account.clear(
                    Some(self.session_id),
                    EndReason::SignedOut,
                    StateReason::SignedOutElsewhere,
                );
                Err(SessionError::NotSignedIn)
            }
            Some(record) if record.session_id != self.session_id => {
                // Somebody else has signed in. Whoever watches should know, and this session's handles too.
                if let Ok(next) = StoredSession::decode(record.body.expose()) {
                    let next = ActiveSession::new(Some(record.session_id), next);
                    self.account.follow(self.session_id, next, Some(StateReason::ChangedElsewhere));
                }
                Err(StoreError::SessionReplaced.into())
            }
            Some(record) => Ok(StoredSession::decode(record.body.expose()).map_err(StoreError::from)?),
        }
    }

    /// Whether the store has a pair that came after the one in memory.
    fn is_newer(&self, stored: &StoredSession) -> bool {
        match stored.received.since(&self.seen.session.received) {
            Elapsed::Certain(later) | Elapsed::Likely(later) => !later.is_zero(),
            Elapsed::Unknown => false,
        }
    }

    /// An earlier renewal could not be saved: the pair in memory is the one that works.
    async fn save_at_last(&self) -> Result<StoredSession, SessionError> {
        let session = self.seen.session.clone();
        self.save(&session).await.map_err(SessionError::NotSaved)?;
        self.account.follow(
            self.session_id,
            ActiveSession::new(Some(self.session_id), session.clone()),
            None,
        );
        Ok(session)
    }

    fn freshness(&self, session: &StoredSession) -> Freshness {
        self.seen.policy.freshness(session, &self.context.clock.reading())
    }

    fn serves(&self, session: &StoredSession) -> bool {
        self.freshness(session) != Freshness::Expired { uncertain: false }
    }

    fn follow(&self, session: StoredSession, reason: StateReason) {
        self.account.follow(
            self.session_id,
            ActiveSession::new(Some(self.session_id), session),
            Some(reason),
        );
    }

    async fn ask(&self, stored: StoredSession, intent: StoredSession) -> Landed {
        let context = self.context;
        let endpoint = Endpoint::Refresh(stored.office);
        // A store that does not take this would not take the new pair either: the host is not asked.
        let word = (stored.refresh_history != intent.refresh_history).then(|| self.write_of(&intent));
        let permit = match context.acquire_and_save(stored.office, endpoint, &stored.account, word).await {
            Ok(permit) => permit,
            Err(Denied::LockedOut(lock)) => return Err(RequestError::here(CallError::LockedOut(lock))),
            Err(Denied::Store(error)) => return Err(RequestError::here(error)),
        };
        let (request, in_flight) = refresh(&stored);
        let outcome = context.call(request).await;
        let was_not_sent = outcome.result.as_ref().is_err_and(|error| error.was_not_sent());
        let now = context.clock.reading();
        let outcome_of = in_flight.resume(outcome.result, &now, &context.limits);
        let lock = match &outcome_of {
            RefreshOutcome::Kept { error: CallError::LockedOut(lock), .. } => Some(*lock),
            _ => None,
        };
        context.settle(permit, was_not_sent, lock).await;
        let renewed = matches!(outcome_of, RefreshOutcome::Refreshed(_));
        if !renewed && !was_not_sent {
            // A lock can be lost to a machine that slept, so a failure is believed after one more look: another
            // process's pair is neither removed nor written over.
            match self.read_again().await {
                Ok(there) if there.has_same_pair(&stored) => {}
                Ok(another) => {
                    self.follow(another, StateReason::ChangedElsewhere);
                    return Ok(());
                }
                Err(error) => return Err(RequestError::at(error, outcome.id)),
            }
        }
        let settled = self.seen.policy.after(&stored, outcome_of, &now);
        if let Err(error) = &settled.result {
            tracing::info!(correlation_id = %outcome.id, cause = error.kind(), "the session was not renewed");
        }
        self.settle(settled, renewed, intent, outcome.id).await
    }

    async fn settle(
        &self,
        settled: RefreshResult,
        renewed: bool,
        intent: StoredSession,
        id: CorrelationId,
    ) -> Landed {
        let Some(record) = settled.keep else {
            self.end(EndReason::Ended, StateReason::EndedByHost).await;
            return settled.result.map_err(|error| RequestError::at(error, id));
        };
        if !renewed {
            let changed = record.refresh_history != intent.refresh_history;
            if changed && let Err(error) = self.save(&record).await {
                tracing::warn!(error = error.kind(), "how the session stands could not be kept");
            }
            self.keep_in_mind(&record);
            return settled.result.map_err(|error| RequestError::at(error, id));
        }
        match self.save(&record).await {
            Ok(()) => {
                self.follow(record, StateReason::Refreshed);
                Ok(())
            }
            Err(StoreError::SessionReplaced) => {
                // Signed out, or somebody else in, while the host was asked: the new pair is nobody's.
                revoke::queue(self.context, self.account.office, self.session_id, record).await;
                Err(RequestError::at(StoreError::SessionReplaced, id))
            }
            // Even unsaved, the new pair is the only one that still works.
            Err(error) => {
                let active = ActiveSession::unsaved(self.session_id, record);
                self.account.follow(self.session_id, active, Some(StateReason::Refreshed));
                Err(RequestError::at(SessionError::NotSaved(error), id))
            }
        }
    }

    async fn save(&self, session: &StoredSession) -> Result<(), StoreError> {
        let (key, record, condition) = self.write_of(session);
        self.context.store.save(&key, &record, condition).await
    }

    fn write_of(&self, session: &StoredSession) -> (RecordKey, Record, WriteCondition) {
        let record = Record { session_id: self.session_id, body: session.encode() };
        (self.key.clone(), record, WriteCondition::SameSession)
    }

    /// The same pair, with what is known of it now.
    fn keep_in_mind(&self, record: &StoredSession) {
        let Some(active) = self.account.active().filter(|active| active.session_id == Some(self.session_id))
        else {
            return;
        };
        if active.session.refresh_history == record.refresh_history {
            return;
        }
        let refused = record.refresh_history.rejected && !active.session.refresh_history.rejected;
        let active = ActiveSession::new(Some(self.session_id), record.clone());
        self.account.follow(self.session_id, active, refused.then_some(StateReason::Refused));
    }

    async fn end(&self, over: EndReason, reason: StateReason) {
        if let Err(error) = self.context.store.remove(&self.key).await {
            tracing::warn!(error = error.kind(), "an ended session could not be removed");
        }
        self.account.clear(Some(self.session_id), over, reason);
    }
}
