//! What a sign-in leaves behind: tokens to give out, to refresh and to revoke. It stands on the host connection
//! ([`host`](crate::host)) and knows no sign-in.
//!
//! | question | module |
//! | --- | --- |
//! | What can be done with a session? | `handle`, the public `Session` |
//! | Which token does a caller get, and what does a 401 lead to? | `access_token` |
//! | How is a new session kept? | `new_session` |
//! | How is a pair refreshed, and what if the answer is lost? | `refresh`, `refresh_request` |
//! | Why does only one caller, or one process, refresh? | `single_flight`, `refresh_lock` |
//! | What is in memory, and who may change it? | `accounts`, `account_state`, `active_session` |
//! | Which sessions are over, whatever a handle or a store says? | `ended_sessions`, `never_saved` |
//! | What is in the store, and who may change it? | `session_record`, `read_session`, `found_gone`, `load_session`, `shared_read` |
//! | How is a token refreshed with nobody asking? | `auto_refresh` |
//! | How does a service refresh all that is due? | `refresh_due`, `due_session`, `round_tally`; `refresh_round` is the report |
//! | How does a session end, here and at the host? | `sign_out`, `last_pair`, `revocations`, `revocation_attempt`, `revocation_list` |
//! | Why is nobody signed in? | `session_ends` |
//! | Who is signed in, and can the host be reached? | `auth_state`, `auth_state_changes` |
//! | How does a service hold very many sessions? | `snapshot` |
//! | How does a token get on a request? | `authorize` |
//!
//! What a fact means for a session is decided in [`auth_core::session::SessionPolicy`]; these modules carry it out.

mod access_token;
mod account_state;
mod accounts;
mod active_session;
mod auth_state;
mod auth_state_changes;
#[cfg(feature = "http")]
mod authorize;
mod auto_refresh;
mod due_session;
mod ended_sessions;
mod found_gone;
mod handle;
mod last_pair;
mod load_session;
mod never_saved;
mod new_session;
mod read_session;
mod refresh;
mod refresh_due;
mod refresh_lock;
mod refresh_request;
mod refresh_round;
mod revocation_attempt;
mod revocation_list;
mod revocations;
mod round_tally;
mod session_ends;
mod session_record;
mod shared_read;
mod sign_out;
mod single_flight;
mod snapshot;

pub(crate) use account_state::{AccountState, SharedAccounts};
pub(crate) use active_session::ActiveSession;
pub use active_session::TokenGuard;
pub use auth_state::{AuthState, Health, StateChange, StateReason};
pub use auth_state_changes::AuthStateChanges;
#[cfg(feature = "http")]
pub use authorize::{AuthorizeError, Authorized};
#[cfg(feature = "middleware")]
pub(crate) use authorize::{goes_to, put};
pub use handle::Session;
pub(crate) use load_session::load_session;
pub(crate) use new_session::{check_store, keep_new_session};
pub(crate) use refresh_due::refresh_due;
pub use refresh_round::{RefreshRound, RoundStop};
pub use revocations::PendingRevocations;
pub(crate) use revocations::deliver;
pub(crate) use session_ends::read as read_session_end;
pub use sign_out::{RevocationStatus, SignedOut};
pub(crate) use sign_out::{SignOutTarget, sign_out};
