//! Reading the store into memory, publishing and clearing: what `load_session.rs`, `session_record.rs` and `account_state.rs` of
//! `auth-client` do.

use crate::{
    process::{Active, ProcessId},
    record::Record,
    setup::Rules,
    store::{Failed, Patience, id},
    world::World,
};
use auth_core::ports::WriteCondition;

impl World {
    /// Mirrors `load_session` and `read_store` in `session/load_session.rs`. What is published between its read and its end makes
    /// it void, so it is one step.
    pub fn load_session(&mut self, rules: Rules, by: ProcessId) -> Result<(), Failed> {
        let found = self.store.load(rules, by)?;
        let current = self.process(by).active;
        if !rules.faults.ended_record_is_taken
            && let (Some(found), Some(current)) = (found, current)
            && self.is_over_here(by, found)
            && !self.is_over_here(by, current.record)
        {
            self.publish(by, current.record, true);
            return Ok(());
        }
        let found = self.drop_ended(rules, by, found);
        let (stored, current) = match (found, current) {
            (None, None) => return Ok(()),
            (None, Some(gone)) => {
                self.find_gone(by, gone.record.pair.session);
                return Ok(());
            }
            (Some(stored), None) => {
                self.publish(by, stored, false);
                return Ok(());
            }
            (Some(stored), Some(current)) => (stored, current),
        };
        let same_session = current.record.pair.session == stored.pair.session;
        let (ours, theirs) = (current.record.session(), stored.session());
        if same_session && (current.record == stored || (current.unsaved && !ours.is_older_than(&theirs))) {
            return Ok(());
        }
        let is_older =
            if same_session { theirs.is_older_than(&ours) } else { theirs.is_earlier_sign_in_than(&ours) };
        if is_older && !rules.faults.takes_over_older {
            self.publish(by, current.record, true);
        } else {
            self.publish(by, stored, false);
        }
        Ok(())
    }

    /// Mirrors `drop_ended` in `session/load_session.rs`.
    fn drop_ended(&mut self, rules: Rules, by: ProcessId, found: Option<Record>) -> Option<Record> {
        let found = found?;
        if !self.is_over_here(by, found) {
            return Some(found);
        }
        let _logged = self.remove(rules, by, found, Patience::Waits);
        None
    }

    /// Mirrors `SessionRecord::read` and `on_another_session` in `session/session_record.rs`. `None` is the caller's error: the
    /// session is gone, another one is there, or the store does not answer.
    pub fn read_record(&mut self, rules: Rules, by: ProcessId, session: u8) -> Option<Record> {
        let Some(there) = self.store.load(rules, by).ok()? else {
            self.find_gone(by, session);
            return None;
        };
        let is_nobodys = !rules.faults.ended_record_is_taken && self.is_over_here(by, there);
        if there.pair.session == session && !is_nobodys {
            return Some(there);
        }
        if let Some(active) = self.process(by).active_of(session)
            && (there.session().is_earlier_sign_in_than(&active.record.session()) || is_nobodys)
            && !rules.faults.takes_over_older
        {
            let condition = WriteCondition::Replacing(id(there.pair.session));
            self.save(rules, by, active.record, condition, Patience::Waits).ok()?;
            return Some(active.record);
        }
        if !is_nobodys {
            self.update_if_current(rules, by, session, there, false);
        }
        None
    }

    /// Mirrors `AccountState::publish`.
    pub fn publish(&mut self, by: ProcessId, record: Record, unsaved: bool) {
        let process = self.process(by);
        process.learn(&record);
        process.active = Some(Active { record, unsaved });
    }

    /// Mirrors `AccountState::update_if_current`.
    pub fn update_if_current(
        &mut self,
        rules: Rules,
        by: ProcessId,
        session: u8,
        record: Record,
        unsaved: bool,
    ) {
        let Some(active) = self.process(by).active_of(session) else { return };
        let is_older =
            record.pair.session == session && record.session().is_older_than(&active.record.session());
        if !is_older || rules.faults.refresh_goes_by_memory_then {
            self.publish(by, record, unsaved);
        }
    }

    /// Mirrors `SessionRecord::update_in_memory`.
    pub fn update_in_memory(&mut self, by: ProcessId, record: Record) {
        let active = self.process(by).active_of(record.pair.session);
        if active.is_some_and(|active| active.record.history != record.history) {
            self.publish(by, record, false);
        }
    }

    /// Mirrors `AccountState::clear`.
    pub fn clear(&mut self, by: ProcessId, session: Option<u8>) {
        let process = self.process(by);
        if process.active.map(|active| active.record.pair.session) == session {
            process.active = None;
        }
    }

    /// There is no record of this session any more: somebody has signed it out, or the host has ended it. That nobody did is
    /// known outside only.
    fn find_gone(&mut self, by: ProcessId, session: u8) {
        let was_in_use = self.process(by).active_of(session).is_some();
        self.outside.lost |= was_in_use && !self.outside.over[usize::from(session)];
        self.clear(by, Some(session));
    }

    /// Mirrors `ended_sessions::contains`.
    fn is_over_here(&self, by: ProcessId, record: Record) -> bool {
        self.processes[usize::from(by.0)].ended[usize::from(record.pair.session)]
    }

    /// Mirrors `ended_sessions::remember`.
    pub fn remember_ended(&mut self, by: ProcessId, session: u8) {
        self.process(by).ended[usize::from(session)] = true;
        self.outside.over[usize::from(session)] = true;
    }
}
