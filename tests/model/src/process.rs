//! A process: its memory and what it has under way.

use crate::{attempt::Refresh, delivery::Delivery, host::SESSIONS, record::Record, sign_out::SignOut};

/// Which process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProcessId(pub u8);

/// The session in use. Mirrors `ActiveSession` of `auth-client`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Active {
    /// The session.
    pub record: Record,
    /// The store has an older pair.
    pub unsaved: bool,
}

/// A process. A new one has no memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Process {
    /// The session in use.
    pub active: Option<Active>,
    /// Sessions that were signed out or ended in this process. Mirrors `ended_sessions.rs` of `auth-client`.
    pub ended: [bool; SESSIONS],
    /// The newest pair of each session that this process has been given, by its serial number. No code knows this: properties do.
    pub known: [Option<u8>; SESSIONS],
    /// The refresh under way.
    pub refresh: Option<Refresh>,
    /// The sign-out under way.
    pub sign_out: Option<SignOut>,
    /// The delivery of revocations under way.
    pub delivery: Option<Delivery>,
}

impl Process {
    /// What is in use, if it is this session. Mirrors `SessionRecord::active` of `auth-client`.
    pub fn active_of(&self, session: u8) -> Option<Active> {
        self.active.filter(|active| active.record.pair.session == session)
    }

    /// It is given this pair.
    pub fn learn(&mut self, record: &Record) {
        let known = &mut self.known[usize::from(record.pair.session)];
        *known = (*known).max(Some(record.pair.serial));
    }
}
