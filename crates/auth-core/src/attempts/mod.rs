//! Counting attempts: a host allows a few a minute, and blocks the account for ten minutes when there are more.
//!
//! [`AttemptLog`] counts them per limit and account, so that the attempt that would bring the block is not made, and
//! remembers a block until it ends. It is kept in the store, so that it holds between processes. Requests are held back by the rate limiter of
//! `auth-client` (`src/host/rate_limiter.rs`), which asks [`AttemptLog::acquire`].

//!
//! [`RefreshBudget`] is another limit, of an operator's own choice: how many refreshes all processes that share a store send to the
//! host. [`BudgetLog`] is its record.

mod attempt_log;
mod budget_log;
mod limits;
mod refresh_budget;

pub use attempt_log::AttemptLog;
pub use budget_log::{BudgetLog, SeenGrants};
pub use limits::{Limit, LimitGroup, Limits};
pub use refresh_budget::{BudgetShare, RefreshBudget};
