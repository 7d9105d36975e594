//! How many attempts are allowed, and what happens beyond.

mod change;
mod counter;
mod group;
mod settings;

pub(crate) use change::Change;
pub(crate) use counter::{Counter, KeptAttempts};
pub(crate) use group::Group;
pub use settings::Limits;
