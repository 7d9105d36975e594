//! Scripted misbehaviour: what goes wrong, where, and how often.
//!
//! [`Fault`] says it, as a value or as text; [`Rules`] holds what was said and counts; [`play`] does it to one request.

mod act;
mod bodies;
mod bomb;
mod endpoint;
mod error;
mod fault;
mod options;
mod pages;
mod play;
mod rules;
mod spec;

pub use act::{Act, FaultTiming, Framing, RetryAfter};
pub use endpoint::Endpoint;
pub(crate) use endpoint::{Spot, is_live, office};
pub use error::FaultError;
pub use fault::Fault;
pub(crate) use play::{Takeover, play};
pub use rules::FaultState;
pub(crate) use rules::Rules;
