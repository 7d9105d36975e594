//! Renewing a pair: one at a time, by the store's lease, in the order that loses nothing: intent, request, save, publish.

use super::{
    account::{Account, Over},
    flight::Landed,
    live::Live,
    revoke,
    state::StateReason,
};
use crate::{Failed, budget::NotAdmitted, context::Context};
use auth_core::{
    CallError, CorrelationId, Elapsed, Endpoint,
    ports::{Epoch, Guard, Lease, Record, RecordKey, Slot, StoreError},
    session::{Lend, RefreshOutcome, SessionError, Settled, StoredSession, Wanted, refresh},
};
use std::{sync::Arc, time::Duration};

/// How long another process's renewal is waited for: longer than an exchange with a host may take.
const MOST_WAIT: Duration = Duration::from_secs(45);
/// How often the store is looked at meanwhile: at first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(4), Duration::from_millis(16));

/// A renewal of the pair in `seen`, which is kept under this epoch.
pub(super) async fn renew(context: Arc<Context>, seen: Arc<Live>, epoch: Epoch, wanted: Wanted) -> Landed {
    let account = context.account(seen.session.office);
    let key = context.key(account.office, Slot::Session);
    let renewal = Renewal { context: &context, account, key, epoch, seen: &seen };
    let landed = renewal.run(wanted).await;
    match &landed {
        // The host is there: whatever it has not heard of yet can be told now. Nobody waits for that.
        Ok(()) => {
            let (context, office) = (context.clone(), account.office);
            tokio::spawn(async move { revoke::deliver(&context, office).await });
        }
        // A pair that came too late, to be revoked. The lease is given back by now: the next sign-in does not wait.
        Err(Failed { cause: SessionError::Store(StoreError::EpochMoved), correlation_id: Some(_) }) => {
            let _undelivered = revoke::deliver(&context, account.office).await;
        }
        Err(_) => {}
    }
    landed
}

struct Renewal<'a> {
    context: &'a Arc<Context>,
    account: &'a Account,
    key: RecordKey,
    epoch: Epoch,
    seen: &'a Live,
}

impl Renewal<'_> {
    async fn run(&self, wanted: Wanted) -> Landed {
        let Some((_lease, stored)) = self.turn(wanted).await.map_err(Failed::here)? else { return Ok(()) };
        let now = self.context.clock.moment();
        let intent = match self.seen.policy.before(&stored, wanted, &now) {
            Ok(intent) => intent,
            Err(SessionError::Ended) => {
                // An access token that outlives the refresh token serves on until its own end.
                if !self.seen.policy.has_time_left(&stored, &now) {
                    self.end(Over::Ended, StateReason::Expired).await;
                }
                return Err(Failed::here(SessionError::Ended));
            }
            Err(held_back) => {
                self.keep_in_mind(&stored);
                return Err(Failed::here(held_back));
            }
        };
        self.ask(stored, intent).await
    }

    /// Waits for the right to renew, with the record as it is then; nothing if somebody else has renewed meanwhile.
    async fn turn(&self, wanted: Wanted) -> Result<Option<(Lease, StoredSession)>, SessionError> {
        let (mut pause, mut waited) = (PAUSES.0, Duration::ZERO);
        loop {
            let lease = self.context.store.try_lease(&self.key).await?;
            let stored = self.read_again().await?;
            let seen = &self.seen.session;
            let another =
                if self.seen.unsaved { self.is_newer(&stored) } else { !stored.has_same_pair(seen) };
            if another && self.serves(&stored) {
                self.follow(stored, StateReason::ChangedElsewhere);
                return Ok(None);
            }
            if let Some(lease) = lease {
                if self.seen.unsaved && !another {
                    let saved = self.save_at_last().await?;
                    let due = !matches!(self.lend(&saved), Lend::Serve(_));
                    return Ok((due || wanted != Wanted::Ahead).then_some((lease, saved)));
                }
                // Also another process's pair, if that is over by now.
                return Ok(Some((lease, stored)));
            }
            if waited >= MOST_WAIT {
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
                self.account.clear(Some(self.epoch), Over::SignedOut, StateReason::SignedOutElsewhere);
                Err(SessionError::NotSignedIn)
            }
            Some(record) if record.epoch != self.epoch => {
                // Somebody else has signed in. Whoever watches should know, and this session's handles too.
                if let Ok(next) = StoredSession::decode(record.body.expose()) {
                    let next = Live::new(Some(record.epoch), next);
                    self.account.follow(self.epoch, next, Some(StateReason::ChangedElsewhere));
                }
                Err(StoreError::EpochMoved.into())
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
        self.account.follow(self.epoch, Live::new(Some(self.epoch), session.clone()), None);
        Ok(session)
    }

    fn lend(&self, session: &StoredSession) -> Lend {
        self.seen.policy.lend(session, &self.context.clock.moment())
    }

    fn serves(&self, session: &StoredSession) -> bool {
        self.lend(session) != Lend::RenewFirst { doubtful: false }
    }

    fn follow(&self, session: StoredSession, reason: StateReason) {
        self.account.follow(self.epoch, Live::new(Some(self.epoch), session), Some(reason));
    }

    async fn ask(&self, stored: StoredSession, intent: StoredSession) -> Landed {
        let context = self.context;
        let endpoint = Endpoint::Refresh(stored.office);
        // A store that does not take this would not take the new pair either: the host is not asked.
        let word = (stored.standing != intent.standing).then(|| self.write_of(&intent));
        let ticket = match context.admit_and_save(stored.office, endpoint, &stored.account, word).await {
            Ok(ticket) => ticket,
            Err(NotAdmitted::LockedOut(lock)) => return Err(Failed::here(CallError::LockedOut(lock))),
            Err(NotAdmitted::Store(error)) => return Err(Failed::here(error)),
        };
        let (request, in_flight) = refresh(&stored);
        let outcome = context.call(request).await;
        let never_sent = outcome.result.as_ref().is_err_and(|error| error.never_sent());
        let now = context.clock.moment();
        let outcome_of = in_flight.resume(outcome.result, &now, &context.limits);
        let lock = match &outcome_of {
            RefreshOutcome::Kept { error: CallError::LockedOut(lock), .. } => Some(*lock),
            _ => None,
        };
        context.settle(ticket, never_sent, lock).await;
        let renewed = matches!(outcome_of, RefreshOutcome::Renewed(_));
        if !renewed && !never_sent {
            // A lease can be lost to a machine that slept, so a failure is believed after one more look: another
            // process's pair is neither removed nor written over.
            match self.read_again().await {
                Ok(there) if there.has_same_pair(&stored) => {}
                Ok(another) => {
                    self.follow(another, StateReason::ChangedElsewhere);
                    return Ok(());
                }
                Err(error) => return Err(Failed::at(error, outcome.id)),
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
        settled: Settled,
        renewed: bool,
        intent: StoredSession,
        id: CorrelationId,
    ) -> Landed {
        let Some(record) = settled.keep else {
            self.end(Over::Ended, StateReason::EndedByHost).await;
            return settled.result.map_err(|error| Failed::at(error, id));
        };
        if !renewed {
            let changed = record.standing != intent.standing;
            if changed && let Err(error) = self.save(&record).await {
                tracing::warn!(error = error.kind(), "how the session stands could not be kept");
            }
            self.keep_in_mind(&record);
            return settled.result.map_err(|error| Failed::at(error, id));
        }
        match self.save(&record).await {
            Ok(()) => {
                self.follow(record, StateReason::Renewed);
                Ok(())
            }
            Err(StoreError::EpochMoved) => {
                // Signed out, or somebody else in, while the host was asked: the new pair is nobody's.
                revoke::queue(self.context, self.account.office, self.epoch, record).await;
                Err(Failed::at(StoreError::EpochMoved, id))
            }
            // Even unsaved, the new pair is the only one that still works.
            Err(error) => {
                let live = Live::unsaved(self.epoch, record);
                self.account.follow(self.epoch, live, Some(StateReason::Renewed));
                Err(Failed::at(SessionError::NotSaved(error), id))
            }
        }
    }

    async fn save(&self, session: &StoredSession) -> Result<(), StoreError> {
        let (key, record, guard) = self.write_of(session);
        self.context.store.save(&key, &record, guard).await
    }

    fn write_of(&self, session: &StoredSession) -> (RecordKey, Record, Guard) {
        let record = Record { epoch: self.epoch, body: session.encode() };
        (self.key.clone(), record, Guard::SameEpoch)
    }

    /// The same pair, with what is known of it now.
    fn keep_in_mind(&self, record: &StoredSession) {
        let Some(live) = self.account.live().filter(|live| live.epoch == Some(self.epoch)) else { return };
        if live.session.standing == record.standing {
            return;
        }
        let refused = record.standing.refused && !live.session.standing.refused;
        let live = Live::new(Some(self.epoch), record.clone());
        self.account.follow(self.epoch, live, refused.then_some(StateReason::Refused));
    }

    async fn end(&self, over: Over, reason: StateReason) {
        if let Err(error) = self.context.store.remove(&self.key).await {
            tracing::warn!(error = error.kind(), "an ended session could not be removed");
        }
        self.account.clear(Some(self.epoch), over, reason);
    }
}
