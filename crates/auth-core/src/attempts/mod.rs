//! Attempts are precious: a host allows a handful a minute and then shuts the account out for ten.
//!
//! [`AttemptLog`] counts them per limit and account, so that the attempt that would bring the block is not made, and
//! remembers a block until it ends. It is kept in the store, so that it holds between processes.

mod limits;
mod log;

pub use limits::{Limit, LimitGroup, Limits};
pub use log::AttemptLog;
