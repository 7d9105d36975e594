//! All of it together, and what is known of it from outside.

use crate::{
    host::{Host, Pairs, SESSIONS},
    list,
    process::{Process, ProcessId},
    record::{Pair, Record, now},
    setup::{Bounds, Rules, Setup},
    store::{Failed, Patience, Store},
};
use auth_core::{ClockReading, ports::WriteCondition};

/// A state of the search.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// The host.
    pub host: Host,
    /// The store.
    pub store: Store,
    /// The processes.
    pub processes: Vec<Process>,
    /// How often everybody has waited.
    pub round: u8,
    /// What may still happen.
    pub left: Bounds,
    /// What nobody in the world knows.
    pub outside: Outside,
}

/// What nobody in the world knows, for the properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Outside {
    /// The newest pair of each session that was written to the store. A restore takes it back.
    pub saved: [Option<u8>; SESSIONS],
    /// Sessions that somebody has signed out, or the host has ended.
    pub over: [bool; SESSIONS],
    /// Sessions that somebody has signed out.
    pub signed_out: [bool; SESSIONS],
    /// An older record was brought back.
    pub was_restored: bool,
    /// A session was ended by the host's word about a pair that is not the newest one.
    pub lost: bool,
    /// One session's end or sign-out has removed another session's record, or ended it in memory.
    pub took_another: bool,
    /// The late write of a process brought back a session that the same process had signed out.
    pub brought_back: bool,
    /// Sessions whose sign-out was reported as revoked.
    pub reported: [bool; SESSIONS],
    /// Pairs that have to stay in the list until the host has ended them.
    pub owed: Pairs,
}

impl World {
    /// One user is signed in. The first process knows, the other one has just been started.
    pub fn new(setup: &Setup) -> Self {
        let mut host = Host::default();
        let record = Record::new(Pair::of_sign_in(0, host.sign_in(0), 0));
        let store = Store { record: Some(record), list: Vec::new(), lock: None, late: None };
        let processes = vec![Process::default(); setup.processes.into()];
        let mut world =
            Self { host, store, processes, round: 0, left: setup.bounds, outside: Outside::default() };
        world.outside.saved[0] = Some(0);
        world.publish(ProcessId(0), record, false);
        world
    }

    /// The process.
    pub fn process(&mut self, id: ProcessId) -> &mut Process {
        &mut self.processes[usize::from(id.0)]
    }

    /// The clocks.
    pub fn now(&self) -> ClockReading {
        now(self.round)
    }

    /// Saves a record, and notes what the store was given.
    pub fn save(
        &mut self,
        rules: Rules,
        by: ProcessId,
        record: Record,
        condition: WriteCondition,
        patience: Patience,
    ) -> Result<(), Failed> {
        self.store.save(rules, by, record, condition, patience)?;
        self.note_saved(record);
        Ok(())
    }

    /// The store has this now.
    pub fn note_saved(&mut self, record: Record) {
        let saved = &mut self.outside.saved[usize::from(record.pair.session)];
        *saved = (*saved).max(Some(record.pair.serial));
    }

    /// Removes what was read, by whoever signs out or ends this session. Returns what was removed.
    pub fn remove(
        &mut self,
        rules: Rules,
        by: ProcessId,
        read: Record,
        patience: Patience,
    ) -> Result<Option<Record>, Failed> {
        let next = self.process(by).active.map(|active| active.record);
        let next = next.filter(|next| next.pair.session != read.pair.session);
        if self.outside.was_restored && next.is_none() {
            // Whose place the restored record has taken, this process cannot know, and nobody can know it afterwards.
            self.outside.over = [true; SESSIONS];
        }
        if let Some(next) = next.filter(|_| !rules.faults.removal_takes_next) {
            let condition = WriteCondition::Replacing(read.session_id());
            self.save(rules, by, next, condition, patience)?;
            self.publish(by, next, false);
            return Ok(Some(read));
        }
        self.store.remove_unchanged(rules, by, read, patience)
    }

    /// The late write lands.
    pub fn land(&mut self) {
        let Some(late) = self.store.late else { return };
        let there = self.store.record.map(|there| there.pair.session);
        self.store.land();
        if let Some(record) = late.record {
            self.note_saved(record);
            let session = usize::from(record.pair.session);
            let is_over = self.outside.signed_out[session] && self.process(late.by).ended[session];
            self.outside.brought_back |= is_over && there != Some(record.pair.session);
        }
    }

    /// The first record of all is brought back.
    pub fn restore(&mut self) {
        let mut host = Host::default();
        let first = Record::new(Pair::of_sign_in(0, host.sign_in(0), 0));
        self.store.record = Some(first);
        self.outside.saved = [Some(first.pair.serial), None];
        self.outside.was_restored = true;
    }

    /// The process dies, and is started anew. What it alone was given is lost.
    pub fn crash(&mut self, id: ProcessId) {
        *self.process(id) = Process::default();
        self.store.forget(id);
    }

    /// Keeps a revocation. Mirrors `queue` in `session/revocations.rs` of `auth-client`.
    pub fn queue(&mut self, rules: Rules, record: Record) {
        list::push(&mut self.store.list, rules.faults, record);
        self.outside.owed.insert(record.pair.serial);
    }

    /// Takes it back. Mirrors `unqueue` in `session/revocations.rs` of `auth-client`.
    pub fn unqueue(&mut self, rules: Rules, record: Record) {
        list::remove(&mut self.store.list, rules.faults, record);
        self.outside.owed.remove(record.pair.serial);
    }

    /// The newest pair of a session that whoever could know was given: the store, and the living processes. Nobody tells a process what
    /// another one knew once an older record is back in the store.
    pub fn newest_known(&self, to: ProcessId, session: u8) -> Option<u8> {
        let session = usize::from(session);
        let living = self.processes.iter().enumerate();
        let known = living
            .filter(|(n, _)| !self.outside.was_restored || *n == usize::from(to.0))
            .filter_map(|(_, process)| process.known[session]);
        known.chain(self.outside.saved[session]).max()
    }
}
