//! Where a refresh is: its steps, and what they carry along.

use crate::{process::Active, record::Record};
use auth_core::session::RefreshTrigger;

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
    Lock(Active, Trigger),
    /// Save the pair in memory, which the store does not have.
    SaveInMemory(Active, Trigger),
    /// Save the intent.
    Intend(Attempt),
    /// The request is on its way.
    Asked(Attempt),
    /// The answer is on its way.
    Answered(Attempt, Answer),
    /// Nothing came of it. The record was read once more: this is what is there.
    Failed(Attempt, Refusal, Record),
}

/// What a refresh was begun with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// The record as it was.
    pub stored: Record,
    /// The record with the intent.
    pub intent: Record,
}

/// How a refresh failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// By the documented 401.
    Ended,
    /// No answer came.
    Lost,
}

/// What the host has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// A pair, by its serial number.
    Pair(u8),
    /// None that is of use.
    Refused(Refusal),
}

impl Attempt {
    /// Whether the intent is not in the record yet.
    pub fn is_news(&self) -> bool {
        self.stored.history != self.intent.history
    }
}
