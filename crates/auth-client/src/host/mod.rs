//! The connection to one host: what every profile and office of a client shares. It knows no session and no sign-in.
//!
//! | module | holds |
//! | --- | --- |
//! | `connection` | host, store, transport, clock and limits, and one request with its correlation id |
//! | `cookie_jar` | the cookies of one sign-in or session while requests of it are sent |
//! | `due_hints` | until when records of the store need not be read again by a round of refreshes |
//! | `account_scope` | one profile and office at the host: whose records are meant |
//! | `rate_limiter` | where a request is held back: attempts are counted in the store before they are made |
//! | `refresh_quota` | the operator's quota of refreshes, shared by all processes of a store |
//! | `start_runtime` | a runtime where there may be no thread to have |
//! | `work_runtime` | where work runs that must come to its end |
//! | `reachability` | how long a host that could not be reached is left alone |
//! | `system_clock` | the system's clocks, and the clock in use |
//! | `test_clock` | a clock that a test moves |

mod account_scope;
mod connection;
mod cookie_jar;
mod due_hints;
mod rate_limiter;
mod reachability;
mod refresh_quota;
mod start_runtime;
mod system_clock;
mod test_clock;
mod work_runtime;

pub(crate) use account_scope::AccountScope;
pub(crate) use connection::{Exchange, HostConnection, Trace, new_session_id};
pub(crate) use cookie_jar::CookieJar;
pub(crate) use due_hints::{DueHints, RoundHints};
pub(crate) use rate_limiter::{Denied, Permit, RateLimiter};
pub(crate) use reachability::Reachability;
pub(crate) use refresh_quota::HostQuota;
#[doc(hidden)]
pub use start_runtime::{SharedRuntime, start_runtime};
pub(crate) use system_clock::ClockInUse;
pub use system_clock::SystemClock;
pub use test_clock::TestClock;
pub(crate) use work_runtime::WorkRuntime;
