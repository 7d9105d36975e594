//! A sign-out, step by step: `session/sign_out.rs` of `auth-client`. A handle signs out its own session only.

use crate::{
    delivery::Fate,
    process::ProcessId,
    record::Record,
    setup::{Rules, Setup},
    store::{Failed, Holder, Patience},
    world::World,
};
use auth_core::session::StoredSession;
use std::time::Duration;

/// How long a refresh may be under way elsewhere. Mirrors `MAX_REFRESH`.
const MAX_REFRESH: Duration = Duration::from_secs(60);

/// What a sign-out does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignOut {
    /// Read, and queue what was read.
    Read(Target),
    /// Remove what was read.
    Remove(Target, Removal),
    /// Wait for what becomes of this revocation.
    Deliver(Record),
}

/// What is to be signed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The handle's session.
    pub only: u8,
    /// The lock was not given back in time.
    pub refresh_is_under_way: bool,
}

/// What is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Removal {
    /// The record that was read.
    pub read: Record,
    /// What was queued to be revoked.
    pub queued: Record,
}

impl World {
    /// Begins to sign out a session of which this process has a handle, with the lock or, if somebody else does not let go,
    /// without it. Mirrors `Session::sign_out` and the beginning of `remove_locally`. A wait that succeeds is a sign-out that
    /// begins later.
    pub fn begin_sign_out(&mut self, setup: &Setup, by: ProcessId, only: u8) {
        let refresh_is_under_way = !self.store.try_lock(Holder::SignOut(by));
        self.process(by).sign_out = Some(SignOut::Read(Target { only, refresh_is_under_way }));
        self.step_sign_out(setup, by, Patience::Waits);
    }

    /// The next step.
    pub fn step_sign_out(&mut self, setup: &Setup, by: ProcessId, patience: Patience) {
        let rules = setup.rules();
        let next = match self.process(by).sign_out {
            Some(SignOut::Read(target)) => self.read_and_queue(rules, by, target),
            Some(SignOut::Remove(target, removal)) => {
                match self.remove_what_was_read(rules, by, removal, patience) {
                    Ok(()) => Some(SignOut::Deliver(removal.queued)),
                    Err(Failed::SessionReplaced) => Some(SignOut::Read(target)),
                    Err(Failed::Unavailable) => None,
                }
            }
            Some(SignOut::Deliver(watched)) => {
                // Nothing is in the list, or the delivery has begun.
                if self.process(by).delivery.is_none() && !self.begin_delivery(by, Some(watched)) {
                    self.report(by, watched, None);
                }
                return;
            }
            None => return,
        };
        if matches!(next, None | Some(SignOut::Deliver(_))) {
            self.store.unlock(Holder::SignOut(by));
        }
        self.process(by).sign_out = next;
    }

    /// Mirrors `remove_what_is_there` up to `queue`.
    fn read_and_queue(&mut self, rules: Rules, by: ProcessId, target: Target) -> Option<SignOut> {
        let only = target.only;
        let Some(read) = self.store.load(rules, by).ok()? else {
            self.clear(by, Some(only));
            return None;
        };
        if read.pair.session != only {
            self.read_record(rules, by, only)?;
            return Some(SignOut::Read(target));
        }
        let stored = read.session();
        let ours = self.process(by).active_of(only);
        let newer = ours.filter(|ours| {
            let ours_is = ours.record.session();
            // What the store has is as new, or newer, and may know of a refresh.
            let is_no_newer = ours_is.has_same_pair(&stored) || ours_is.is_older_than(&stored);
            let counts = !is_no_newer || rules.faults.sign_out_takes_memory;
            (ours.unsaved && counts) || stored.is_older_than(&ours_is)
        });
        let mut session = newer.map_or(stored, |ours| ours.record.session());
        if target.refresh_is_under_way {
            let refresh_history = session.refresh_history.under_way(&self.now(), MAX_REFRESH);
            session = StoredSession { refresh_history, ..session };
        }
        let queued = Record::of(&session);
        self.queue(rules, queued);
        Some(SignOut::Remove(target, Removal { read, queued }))
    }

    /// Mirrors the rest of `remove_what_is_there`.
    fn remove_what_was_read(
        &mut self,
        rules: Rules,
        by: ProcessId,
        Removal { read, queued }: Removal,
        patience: Patience,
    ) -> Result<(), Failed> {
        // What is in memory is looked at before the removal, which nothing here comes between.
        let active = self.process(by).active.map(|active| active.record.pair.session);
        let active = active.filter(|active| *active == read.pair.session || rules.faults.removal_takes_next);
        self.outside.over[usize::from(read.pair.session)] |= patience == Patience::GivesUp;
        let removed = match self.remove(rules, by, read, patience) {
            Ok(removed) => removed,
            Err(error) => {
                self.unqueue(rules, queued);
                return Err(error);
            }
        };
        let session = read.pair.session;
        self.outside.took_another |= removed.is_some_and(|removed| removed.pair.session != session);
        self.outside.took_another |= active.is_some_and(|active| active != session);
        self.outside.signed_out[usize::from(session)] = true;
        self.remember_ended(by, session);
        if let Some(active) = active {
            self.remember_ended(by, active);
        }
        if active.is_some() {
            self.clear(by, active);
        }
        Ok(())
    }

    /// What the caller gets. Mirrors the end of `sign_out`, and `by_somebody_else`.
    pub fn report(&mut self, by: ProcessId, watched: Record, fate: Option<Fate>) {
        let lost = watched.history.in_flight_or_lost;
        let fate = fate.unwrap_or(if lost { Fate::Abandoned } else { Fate::Revoked });
        self.outside.reported[usize::from(watched.pair.session)] |= fate == Fate::Revoked;
        self.process(by).sign_out = None;
    }
}
