//! `b2auth qr`: a display that is signed in by a code, and an approver of codes.
//!
//! | question | module |
//! | --- | --- |
//! | Which command is it, and what is assumed of the host? | `command` |
//! | What does a display do from state to state? | `show` |
//! | What is seen of its states? | `outlet` |
//! | Where is the code kept as a file? | `files` |
//! | Which code is meant? | `scanned` |
//! | What is said before the decision? | `details` |
//! | What becomes of the decision? | `decide` |

mod command;
mod decide;
mod details;
mod files;
mod outlet;
mod scanned;
mod show;

pub(crate) use command::run;
