//! A refresh, step by step: `session/refresh.rs` of `auth-client`.

use crate::{
    process::{Active, ProcessId},
    record::Record,
    setup::{Rules, Setup},
    store::{Failed, Holder, Patience, },
    world::World,
};
use auth_core::{
    CallError,
    ports::{TransportError, WriteCondition},
    session::{Freshness, RefreshOutcome, RefreshResult, RefreshTrigger, SessionPolicy, StoredRecord},
};

/// The policy. Where its jitter lies makes no difference here.
pub const POLICY: SessionPolicy = SessionPolicy { jitter: 0.0 };

/// Why a refresh is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// Nobody waits for it.
    Proactive,
    /// Somebody asked for it.
    Explicit,
}

impl From<Trigger> for RefreshTrigger {
    fn from(trigger: Trigger) -> Self {
        match trigger {
            Trigger::Proactive => Self::Proactive,
            Trigger::Explicit => Self::Explicit,
        }
    }
}

/// What a refresh does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refresh {
    /// Take the lock, with what was seen in memory, and read.
    Lock { seen: Active, trigger: Trigger },
    /// Save the pair in memory, which the store does not have.
    SaveInMemory { seen: Active, trigger: Trigger },
    /// Save the intent.
    Intend { stored: Record, intent: Record },
    /// The request is on its way.
    Asked { stored: Record, intent: Record },
    /// The answer is on its way.
    Answered { stored: Record, intent: Record, answer: Answer },
    /// Nothing came of it; the record was read once more.
    Failed { stored: Record, intent: Record, is_ended: bool, there: Record },
}

/// What the host has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// A pair, by its serial number.
    Pair(u8),
    /// The documented 401.
    Ended,
    /// Nothing: the request or the answer was lost.
    Lost,
}

impl World {
    /// Mirrors `start_refresh`. False if there is nothing to refresh, or a refresh is under way.
    pub fn begin_refresh(&mut self, by: ProcessId, trigger: Trigger) -> bool {
        let process = self.process(by);
        let (None, Some(seen)) = (process.refresh, process.active) else { return false };
        if trigger == Trigger::Proactive && !seen.unsaved {
            return false;
        }
        process.refresh = Some(Refresh::Lock { seen, trigger });
        true
    }

    /// The host gets the request of this process.
    pub fn host_refreshes(&mut self, setup: &Setup, by: ProcessId) {
        let Some(Refresh::Asked { stored, intent }) = self.process(by).refresh else { return };
        let answer = match self.host.refresh(setup.host, stored.pair.session, stored.pair.serial) {
            Some(serial) => Answer::Pair(serial),
            None => Answer::Ended,
        };
        self.process(by).refresh = Some(Refresh::Answered { stored, intent, answer });
    }

    /// The request, or its answer, is lost.
    pub fn lose_refresh(&mut self, by: ProcessId) {
        let lost = match self.process(by).refresh {
            Some(
                Refresh::Asked { stored, intent }
                | Refresh::Answered { stored, intent, answer: Answer::Pair(_) | Answer::Ended },
            ) => Some(Refresh::Answered { stored, intent, answer: Answer::Lost }),
            other => other,
        };
        self.process(by).refresh = lost;
    }

    /// The next step. Mirrors `Refresh::refresh_under_lock`.
    pub fn step_refresh(&mut self, setup: &Setup, by: ProcessId, patience: Patience) {
        let rules = setup.rules();
        let Some(refresh) = self.process(by).refresh else { return };
        let next = match refresh {
            Refresh::Lock { seen, trigger } => self.lock_and_read(rules, by, seen, trigger),
            Refresh::SaveInMemory { seen, trigger } => {
                self.save_pending_pair(rules, by, seen, trigger, patience)
            }
            Refresh::Intend { stored, intent } => self.save_intent(rules, by, stored, intent, patience),
            Refresh::Asked { .. } => return,
            Refresh::Answered { stored, answer: Answer::Pair(serial), .. } => {
                self.keep_pair(rules, by, stored, serial, patience)
            }
            Refresh::Answered { stored, intent, answer } => {
                self.read_once_more(rules, by, stored, intent, answer == Answer::Ended)
            }
            Refresh::Failed { stored, intent, is_ended, there } => {
                self.take_in_failure(rules, by, (stored, intent), is_ended, there, patience)
            }
        };
        if next.is_none() {
            self.store.unlock(Holder::Refresh(by));
        }
        self.process(by).refresh = next;
    }

    /// Mirrors one round of `Refresh::acquire_refresh_lock`.
    fn lock_and_read(&mut self, rules: Rules, by: ProcessId, seen: Active, trigger: Trigger) -> Option<Refresh> {
        let is_locked = self.store.try_lock(Holder::Refresh(by));
        let session = seen.record.pair.session;
        let found = self.read_record(rules, by, session).ok()?;
        let by_now = self.process(by).active_of(session).filter(|_| rules.mended.refresh_goes_by_memory_now);
        let seen = by_now.unwrap_or(seen);
        match (on_stored_record(rules, self, seen, found), is_locked) {
            (StoredRecord::UseStored, _) => {
                self.update_if_current(rules, by, found.pair.session, found, false);
                None
            }
            (StoredRecord::RefreshStored, true) => {
                if seen.unsaved && trigger == Trigger::Proactive && self.is_fresh(found) {
                    self.update_if_current(rules, by, found.pair.session, found, false);
                    return None;
                }
                self.intend(by, found, trigger)
            }
            (StoredRecord::SaveInMemory, true) => Some(Refresh::SaveInMemory { seen, trigger }),
            (_, false) => Some(Refresh::Lock { seen, trigger }),
        }
    }

    /// Mirrors `Refresh::save_pending_pair`, and what follows.
    fn save_pending_pair(
        &mut self,
        rules: Rules,
        by: ProcessId,
        seen: Active,
        trigger: Trigger,
        patience: Patience,
    ) -> Option<Refresh> {
        let record = seen.record;
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
            Ok(intent) => Some(Refresh::Intend { stored, intent: Record::of(&intent) }),
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
        stored: Record,
        intent: Record,
        patience: Patience,
    ) -> Option<Refresh> {
        if stored.history != intent.history {
            self.save(rules, by, intent, WriteCondition::SameSession, patience).ok()?;
        }
        Some(Refresh::Asked { stored, intent })
    }

    /// Mirrors `Refresh::persist_refresh_result` for a new pair.
    fn keep_pair(
        &mut self,
        rules: Rules,
        by: ProcessId,
        stored: Record,
        serial: u8,
        patience: Patience,
    ) -> Option<Refresh> {
        let refreshed = stored.refreshed(serial, self.round);
        let record = kept(self.outcome(stored, RefreshOutcome::Refreshed(Box::new(refreshed.session()))))?;
        let session = record.pair.session;
        let saved = self.save(rules, by, record, WriteCondition::SameSession, patience);
        if saved == Err(Failed::SessionReplaced) {
            self.queue(rules, record);
        } else {
            self.process(by).learn(&record);
            self.update_if_current(rules, by, session, record, saved.is_err());
        }
        None
    }

    /// Mirrors the read after a failure in `Refresh::refresh_under_lock`.
    fn read_once_more(
        &mut self,
        rules: Rules,
        by: ProcessId,
        stored: Record,
        intent: Record,
        is_ended: bool,
    ) -> Option<Refresh> {
        let there = self.read_record(rules, by, stored.pair.session).ok()?;
        if is_not_newer_than(rules, there, stored) {
            return Some(Refresh::Failed { stored, intent, is_ended, there });
        }
        self.update_if_current(rules, by, there.pair.session, there, false);
        None
    }

    /// Mirrors the rest of `Refresh::refresh_under_lock` after a failure.
    fn take_in_failure(
        &mut self,
        rules: Rules,
        by: ProcessId,
        (stored, intent): (Record, Record),
        is_ended: bool,
        there: Record,
        patience: Patience,
    ) -> Option<Refresh> {
        let outcome = if is_ended {
            RefreshOutcome::Ended
        } else {
            let error = CallError::Transport(TransportError::TimedOut);
            RefreshOutcome::Kept { error, was_not_sent: false }
        };
        let Some(record) = kept(self.outcome(stored, outcome)) else {
            self.end(rules, by, stored, there, patience);
            return None;
        };
        if record.history != intent.history {
            let _logged = self.save(rules, by, record, WriteCondition::SameSession, patience);
        }
        self.update_in_memory(by, record);
        None
    }

    /// Mirrors `Refresh::end` and `SessionRecord::end`. `refused` is the pair that the host does not know.
    fn end(&mut self, rules: Rules, by: ProcessId, refused: Record, there: Record, patience: Patience) {
        let session = refused.pair.session;
        match self.store.remove_unchanged(rules, by, there, patience) {
            Err(Failed::SessionReplaced) => {
                if let Ok(newer) = self.read_record(rules, by, session) {
                    self.update_if_current(rules, by, session, newer, false);
                }
                return;
            }
            Ok(removed) => {
                self.outside.took_another |= removed.is_some_and(|removed| removed.pair.session != session);
            }
            Err(Failed::Unavailable) => {}
        }
        let is_over = self.outside.over[usize::from(session)];
        self.outside.lost |= !is_over && self.newest_known(by, session) > Some(refused.pair.serial);
        self.remember_ended(by, session);
        self.clear(by, Some(session));
    }

    fn outcome(&self, stored: Record, outcome: RefreshOutcome) -> RefreshResult {
        POLICY.on_refresh_outcome(&stored.session(), outcome, &self.now())
    }

    fn is_fresh(&self, record: Record) -> bool {
        matches!(POLICY.token_freshness(&record.session(), &self.now()), Freshness::Fresh(_))
    }
}

fn kept(result: RefreshResult) -> Option<Record> {
    result.keep.map(|session| Record::of(&session))
}

/// The core's decision, unless a fault is planted.
fn on_stored_record(rules: Rules, world: &World, seen: Active, found: Record) -> StoredRecord {
    let (in_memory, stored) = (seen.record.session(), found.session());
    if rules.faults.takes_over_older && !seen.unsaved && !stored.has_same_pair(&in_memory) {
        return StoredRecord::UseStored;
    }
    POLICY.on_stored_record(&in_memory, !seen.unsaved, &stored, &world.now())
}

/// Mirrors `Found::is_not_newer_than`, unless a fault is planted.
fn is_not_newer_than(rules: Rules, there: Record, stored: Record) -> bool {
    let (there, stored) = (there.session(), stored.session());
    there.has_same_pair(&stored) || (there.is_older_than(&stored) && !rules.faults.takes_over_older)
}
