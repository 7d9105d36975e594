//! Hostile hosts and networks at every endpoint of a sign-in: what the user is notified, what is kept, and what was sent.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `rows.rs` | what goes wrong, and what has to come of it |
//! | `case.rs` | one fault at one endpoint, from the step before it to the end of the sign-in |
//! | `every_endpoint.rs` | every fault at every endpoint, over HTTP and over HTTPS |
//! | `lost_answers.rs` | the work is done and nobody receives it, in every dialect |
//! | `dead_wizards.rs` | the host forgets the sign-in, at every step and in every dialect; reCAPTCHA on half-way |
//! | `session.rs` | the same faults at the endpoints of a session |
//! | `clocks.rs` | clocks that are a day off |
//! | `command.rs` | a row of each kind through `b2auth` |
//! | `trust.rs` | certificates |
//! | `pins.rs` | pinned keys |

mod case;
mod clocks;
mod command;
mod dead_wizards;
mod every_endpoint;
mod exact_waits;
mod lost_answers;
mod pins;
mod rows;
mod session;
mod trust;
