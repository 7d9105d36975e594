//! `b2auth store`: what is done to stores themselves.
//!
//! | question | module |
//! | --- | --- |
//! | Which command is it? | `command` |
//! | What is copied, and what may be replaced? | `copy` |
//! | Who may change the sessions meanwhile? | `held` |

mod command;
mod copy;
mod held;

pub(crate) use command::run;
