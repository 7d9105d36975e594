//! The store: the session's record, the list of revocations, the record's lock, and a write that lands late.

use crate::{process::ProcessId, record::Record, setup::Rules};
use auth_core::ports::{SessionId, WriteCondition};

/// Who holds the record's lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// The refresh of this process.
    Refresh(ProcessId),
    /// The sign-out of this process.
    SignOut(ProcessId),
}

/// A write whose caller has given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Late {
    /// Whose it is.
    pub by: ProcessId,
    /// What will be there; `None` for a removal.
    pub record: Option<Record>,
    /// The lock that stays taken with it.
    pub holds: Option<Holder>,
}

/// The store that all processes share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Store {
    /// The session.
    pub record: Option<Record>,
    /// Revocations that wait for the host.
    pub list: Vec<Record>,
    /// The lock of the session's record. That of the list is held during one step only.
    pub lock: Option<Holder>,
    /// A write that has not landed yet.
    pub late: Option<Late>,
}

/// Whether a call's caller waits for its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Patience {
    /// To its end.
    Waits,
    /// Not as long as it takes: the write lands later.
    GivesUp,
}

/// Why a call has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It did not answer in time.
    Unavailable,
    /// Another record is there.
    SessionReplaced,
}

impl Store {
    /// Takes the lock if nobody holds it. Mirrors `StoreBridge::try_lock` of `auth-ffi`, and the file store's.
    pub fn try_lock(&mut self, holder: Holder) -> bool {
        let is_free = self.lock.is_none() || self.lock == Some(holder);
        if is_free {
            self.lock = Some(holder);
        }
        is_free
    }

    /// Gives the lock back, or leaves it with the late write that keeps it.
    pub fn unlock(&mut self, holder: Holder) {
        let stays = self.late.is_some_and(|late| late.holds == Some(holder));
        if self.lock == Some(holder) && !stays {
            self.lock = None;
        }
    }

    /// Waits for writes of this process that are under way. Mirrors `StoreBridge::writing` of `auth-ffi`: here whoever would have to
    /// wait waits in vain, since those who wait with success are the ones who come later.
    fn writing(&self, rules: Rules, by: ProcessId) -> Result<(), Failed> {
        let is_held = self.late.is_some_and(|late| late.by == by) && !rules.faults.late_write_holds_nothing;
        if is_held { Err(Failed::Unavailable) } else { Ok(()) }
    }

    /// Mirrors `StoreBridge::load` of `auth-ffi`.
    pub fn load(&self, rules: Rules, by: ProcessId) -> Result<Option<Record>, Failed> {
        self.writing(rules, by)?;
        Ok(self.record)
    }

    /// Mirrors `StoreBridge::save` of `auth-ffi`.
    pub fn save(
        &mut self,
        rules: Rules,
        by: ProcessId,
        record: Record,
        condition: WriteCondition,
        patience: Patience,
    ) -> Result<(), Failed> {
        self.writing(rules, by)?;
        let there = self.record.map(|there| there.session_id());
        if !condition.allows(record.session_id(), there) {
            return Err(Failed::SessionReplaced);
        }
        self.write(rules, by, Some(record), patience)
    }

    /// Mirrors `StoreBridge::remove_unchanged` of `auth-ffi`. Returns what was removed.
    pub fn remove_unchanged(
        &mut self,
        rules: Rules,
        by: ProcessId,
        read: Record,
        patience: Patience,
    ) -> Result<Option<Record>, Failed> {
        self.writing(rules, by)?;
        let there = self.record;
        if there.is_some_and(|there| there != read) && !rules.faults.removes_by_key {
            return Err(Failed::SessionReplaced);
        }
        self.write(rules, by, None, patience)?;
        Ok(there)
    }

    /// Mirrors `StoreBridge::write` of `auth-ffi`: only the caller's wait ends early.
    fn write(
        &mut self,
        rules: Rules,
        by: ProcessId,
        record: Option<Record>,
        patience: Patience,
    ) -> Result<(), Failed> {
        match patience {
            Patience::Waits => {
                self.record = record;
                Ok(())
            }
            Patience::GivesUp => {
                let held = self.lock.filter(|holder| holder.process() == by);
                let keeps =
                    !rules.faults.lock_ends_before_late_write && !rules.faults.late_write_holds_nothing;
                self.late = Some(Late { by, record, holds: held.filter(|_| keeps) });
                Err(Failed::Unavailable)
            }
        }
    }

    /// The late write lands, whatever is there.
    pub fn land(&mut self) {
        if let Some(late) = self.late.take() {
            self.record = late.record;
            if late.holds.is_some() && self.lock == late.holds {
                self.lock = None;
            }
        }
    }

    /// A process is gone: its locks are free, and its late write has not landed.
    pub fn forget(&mut self, process: ProcessId) {
        self.late = self.late.filter(|late| late.by != process);
        self.lock = self.lock.filter(|holder| holder.process() != process);
    }
}

impl Holder {
    /// The process that holds it.
    pub fn process(self) -> ProcessId {
        match self {
            Self::Refresh(process) | Self::SignOut(process) => process,
        }
    }
}

/// The id of a session.
pub fn id(session: u8) -> SessionId {
    SessionId(session.into())
}
