//! `b2auth store`: what is done to stores themselves.
//!
//! | question | module |
//! | --- | --- |
//! | Which command is it? | `command` |
//! | What is copied, and what may be replaced? | `copy` |
//! | What is a store sealed with from now on? | `rekey` |
//! | Who may change the sessions meanwhile? | `held` |

mod command;
mod copy;
mod held;
mod rekey;

pub(crate) use command::run;
