//! Counting attempts: a host allows a few a minute, and blocks the account for ten minutes when there are more.
//!
//! [`AttemptLog`] counts them per limit and account, so that the attempt that would bring the block is not made, and
//! remembers a block until it ends. It is kept in the store, so that it holds between processes. Requests are held back by the rate limiter of
//! `auth-client` (`src/host/rate_limiter.rs`), which asks [`AttemptLog::acquire`].

//!
//! [`RefreshQuota`] is another limit, of an operator's own choice: how many refreshes all processes that share a store send to the
//! host. [`QuotaLog`] is its record.

mod attempt_log;
mod limits;
mod quota_log;
mod refresh_quota;

pub use attempt_log::AttemptLog;
pub use limits::{Limit, LimitGroup, Limits};
pub use quota_log::{QuotaLog, SeenGrants};
pub use refresh_quota::{QuotaShare, RefreshQuota};
