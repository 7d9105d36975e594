//! Counting attempts: a host allows a few a minute, and blocks the account for ten minutes when there are more.
//!
//! [`AttemptLog`] counts them per limit and account, so that the attempt that would bring the block is not made, and
//! remembers a block until it ends. It is kept in the store, so that it holds between processes.

mod limits;
mod log;

pub use limits::{Limit, LimitGroup, Limits};
pub use log::AttemptLog;
