//! A refresh, step by step: `session/refresh.rs` and `session/refresh_lock.rs` of `auth-client`.

use crate::{
    attempt::{Answer, Attempt, Refresh, Refusal, Trigger},
    process::{Active, ProcessId},
    record::{Pair, Record},
    setup::{Rules, Setup},
    store::{Failed, Holder, Patience},
    world::World,
};
use auth_core::{
    CallError,
    ports::{TransportError, WriteCondition},
    session::{Freshness, RefreshOutcome, SessionPolicy, StoredRecord},
};

/// The policy. Where its jitter lies makes no difference here.
pub const POLICY: SessionPolicy = SessionPolicy { jitter: 0.0 };

impl World {
    /// Mirrors `start_refresh`. False if there is nothing to refresh, or a refresh is under way.
    pub fn begin_refresh(&mut self, by: ProcessId, trigger: Trigger) -> bool {
        let process = self.process(by);
        let (None, Some(seen)) = (process.refresh, process.active) else { return false };
        if trigger == Trigger::Proactive && !seen.unsaved {
            return false;
        }
        process.refresh = Some(Refresh::Lock(seen, trigger));
        true
    }

    /// The host gets the request of this process.
    pub fn host_refreshes(&mut self, setup: &Setup, by: ProcessId) {
        let Some(Refresh::Asked(attempt)) = self.process(by).refresh else { return };
        let Pair { session, serial, .. } = attempt.stored.pair;
        let issued = self.host.refresh(setup.host, session, serial);
        let answer = issued.map_or(Answer::Refused(Refusal::Ended), Answer::Pair);
        self.process(by).refresh = Some(Refresh::Answered(attempt, answer));
    }

    /// The request, or its answer, is lost.
    pub fn lose_refresh(&mut self, by: ProcessId) {
        if let Some(Refresh::Asked(attempt) | Refresh::Answered(attempt, _)) = self.process(by).refresh {
            self.process(by).refresh = Some(Refresh::Answered(attempt, Answer::Refused(Refusal::Lost)));
        }
    }

    /// The next step. Mirrors `Refresh::refresh_under_lock`.
    pub fn step_refresh(&mut self, setup: &Setup, by: ProcessId, patience: Patience) {
        let rules = setup.rules();
        let next = match self.process(by).refresh {
            None | Some(Refresh::Asked(_)) => return,
            Some(Refresh::Lock(seen, trigger)) => self.lock_and_read(rules, by, seen, trigger),
            Some(Refresh::SaveInMemory(seen, trigger)) => {
                self.save_pending_pair(rules, by, seen.record, trigger, patience)
            }
            Some(Refresh::Intend(attempt)) => self.save_intent(rules, by, attempt, patience),
            Some(Refresh::Answered(attempt, Answer::Pair(serial))) => {
                self.keep_pair(rules, by, attempt, serial, patience);
                None
            }
            Some(Refresh::Answered(attempt, Answer::Refused(refusal))) => {
                self.read_once_more(rules, by, attempt, refusal)
            }
            Some(Refresh::Failed(attempt, refusal, there)) => {
                self.take_in_failure(rules, by, attempt, refusal, there, patience);
                None
            }
        };
        if next.is_none() {
            self.store.unlock(Holder::Refresh(by));
        }
        self.process(by).refresh = next;
    }

    /// Mirrors one round of `RefreshLock::acquire`.
    fn lock_and_read(
        &mut self,
        rules: Rules,
        by: ProcessId,
        seen: Active,
        trigger: Trigger,
    ) -> Option<Refresh> {
        let is_locked = self.store.try_lock(Holder::Refresh(by));
        let session = seen.record.pair.session;
        let found = self.read_record(rules, by, session)?;
        let newer = self.process(by).active_of(session).filter(|active| {
            !rules.faults.refresh_goes_by_memory_then
                && seen.record.session().is_older_than(&active.record.session())
        });
        let is_newer = newer.is_some();
        let seen = newer.unwrap_or(seen);
        match (on_stored_record(rules, self, seen, found), is_locked) {
            (StoredRecord::UseStored, _) => {
                self.update_if_current(rules, by, found.pair.session, found, false);
                None
            }
            (StoredRecord::RefreshStored, true) => {
                if is_newer || (seen.unsaved && trigger == Trigger::Proactive && self.is_fresh(found)) {
                    self.update_if_current(rules, by, found.pair.session, found, false);
                    return None;
                }
                self.intend(by, found, trigger)
            }
            (StoredRecord::SaveInMemory, true) => {
                // A pair that is newer than what the caller has seen is enough, as a fresh one is where nobody waits.
                let trigger = if is_newer { Trigger::Proactive } else { trigger };
                Some(Refresh::SaveInMemory(seen, trigger))
            }
            (_, false) => Some(Refresh::Lock(seen, trigger)),
        }
    }

    /// Mirrors `save_pending_pair` in `session/refresh_lock.rs`, and what follows.
    fn save_pending_pair(
        &mut self,
        rules: Rules,
        by: ProcessId,
        record: Record,
        trigger: Trigger,
        patience: Patience,
    ) -> Option<Refresh> {
        self.save(rules, by, record, WriteCondition::SameSession, patience).ok()?;
        self.update_if_current(rules, by, record.pair.session, record, false);
        if trigger == Trigger::Proactive && self.is_fresh(record) {
            return None;
        }
        self.intend(by, record, trigger)
    }

    /// Mirrors the call of `check_refresh_allowed` in `Refresh::refresh_under_lock`.
    fn intend(&mut self, by: ProcessId, stored: Record, trigger: Trigger) -> Option<Refresh> {
        match POLICY.check_refresh_allowed(&stored.session(), trigger.into(), &self.now()) {
            Ok(intent) => Some(Refresh::Intend(Attempt { stored, intent: Record::of(&intent) })),
            Err(_) => {
                self.update_in_memory(by, stored);
                None
            }
        }
    }

    /// Mirrors `Refresh::send_refresh` up to the request.
    fn save_intent(
        &mut self,
        rules: Rules,
        by: ProcessId,
        attempt: Attempt,
        patience: Patience,
    ) -> Option<Refresh> {
        if attempt.is_news() {
            self.save(rules, by, attempt.intent, WriteCondition::SameSession, patience).ok()?;
        }
        Some(Refresh::Asked(attempt))
    }

    /// Mirrors `Refresh::persist_refresh_result` for a new pair.
    fn keep_pair(&mut self, rules: Rules, by: ProcessId, attempt: Attempt, serial: u8, patience: Patience) {
        let refreshed = attempt.stored.refreshed(serial, self.round).session();
        let Some(record) = self.kept(attempt, RefreshOutcome::Refreshed(Box::new(refreshed))) else { return };
        let saved = self.save(rules, by, record, WriteCondition::SameSession, patience);
        if saved == Err(Failed::SessionReplaced) {
            self.queue(rules, record);
        } else {
            self.process(by).learn(&record);
            self.update_if_current(rules, by, record.pair.session, record, saved.is_err());
        }
    }

    /// Mirrors the read after a failure in `Refresh::refresh_under_lock`.
    fn read_once_more(
        &mut self,
        rules: Rules,
        by: ProcessId,
        attempt: Attempt,
        refusal: Refusal,
    ) -> Option<Refresh> {
        let there = self.read_record(rules, by, attempt.stored.pair.session)?;
        if is_not_newer_than(rules, there, attempt.stored) {
            return Some(Refresh::Failed(attempt, refusal, there));
        }
        self.update_if_current(rules, by, there.pair.session, there, false);
        None
    }

    /// Mirrors the rest of `Refresh::refresh_under_lock` after a failure.
    fn take_in_failure(
        &mut self,
        rules: Rules,
        by: ProcessId,
        attempt: Attempt,
        refusal: Refusal,
        there: Record,
        patience: Patience,
    ) {
        let outcome = match refusal {
            Refusal::Ended => RefreshOutcome::Ended,
            Refusal::Lost => {
                let error = CallError::Transport(TransportError::TimedOut);
                RefreshOutcome::Kept { error, was_not_sent: false }
            }
        };
        let Some(record) = self.kept(attempt, outcome) else {
            return self.end(rules, by, attempt.stored, there, patience);
        };
        if record.history != attempt.intent.history {
            let _logged = self.save(rules, by, record, WriteCondition::SameSession, patience);
        }
        self.update_in_memory(by, record);
    }

    /// Mirrors `Refresh::end` and `SessionRecord::end`. `refused` is the pair that the host does not know.
    fn end(&mut self, rules: Rules, by: ProcessId, refused: Record, there: Record, patience: Patience) {
        let session = refused.pair.session;
        let is_newer_known = !self.outside.over[usize::from(session)]
            && self.newest_known(by, session) > Some(refused.pair.serial);
        match self.remove(rules, by, there, patience) {
            Err(Failed::SessionReplaced) => {
                if let Some(newer) = self.read_record(rules, by, session) {
                    self.update_if_current(rules, by, session, newer, false);
                }
                return;
            }
            Ok(removed) => {
                self.outside.took_another |= removed.is_some_and(|removed| removed.pair.session != session);
            }
            Err(Failed::Unavailable) => {}
        }
        self.outside.lost |= is_newer_known;
        self.remember_ended(by, session);
        self.clear(by, Some(session));
    }

    fn kept(&self, attempt: Attempt, outcome: RefreshOutcome) -> Option<Record> {
        let result = POLICY.on_refresh_outcome(&attempt.stored.session(), outcome, &self.now());
        result.keep.map(|session| Record::of(&session))
    }

    fn is_fresh(&self, record: Record) -> bool {
        matches!(POLICY.token_freshness(&record.session(), &self.now()), Freshness::Fresh(_))
    }
}

/// The core's decision, unless a fault is planted.
fn on_stored_record(rules: Rules, world: &World, seen: Active, found: Record) -> StoredRecord {
    let (in_memory, stored) = (seen.record.session(), found.session());
    if rules.faults.takes_over_older && !seen.unsaved && !stored.has_same_pair(&in_memory) {
        return StoredRecord::UseStored;
    }
    if rules.faults.same_pair_is_written_again && seen.unsaved && stored.has_same_pair(&in_memory) {
        return StoredRecord::SaveInMemory;
    }
    POLICY.on_stored_record(&in_memory, !seen.unsaved, &stored, &world.now())
}

/// Mirrors `Found::is_not_newer_than`, unless a fault is planted.
fn is_not_newer_than(rules: Rules, there: Record, stored: Record) -> bool {
    let (there, stored) = (there.session(), stored.session());
    there.has_same_pair(&stored) || (there.is_older_than(&stored) && !rules.faults.takes_over_older)
}
