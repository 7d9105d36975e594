//! `b2auth signin`: walk the steps with what was given, ask for what was not, and keep the step where nobody can be
//! asked.

mod answers;
mod command;
mod more;
mod walk;

pub(crate) use command::{as_json, run, signed_in_all_the_same};
pub(crate) use more::name;
