//! The session of a signed-in account: its record, the requests that refresh and end it, and the rules for its tokens.
//!
//! | file | holds |
//! | --- | --- |
//! | `policy.rs` | the decisions: [`SessionPolicy`] |
//! | `refresh.rs`, `refresh_outcome.rs` | the refresh request, and what its answer says; which refusal ends the session |
//! | `refresh_history.rs` | what earlier refreshes have shown, and the backoff |
//! | `sign_out.rs`, `revocations.rs` | the revocation request, and revocations that wait for the host |
//! | `record.rs`, `codec.rs`, `record_error.rs` | the session as a record of the store |
//! | `session_end.rs` | how a session ended, for those who ask later |
//! | `sequence.rs` | which of two records is the newer one |
//! | `snapshot.rs` | the session as a compact block of memory |
//!
//! A driver carries the decisions out, in this order: [`check_refresh_allowed`](SessionPolicy::check_refresh_allowed), save the
//! record that it returns, send the request of [`refresh`], [`RefreshInFlight::resume`] with the answer,
//! [`on_refresh_outcome`](SessionPolicy::on_refresh_outcome), save or remove the record.

pub(crate) mod codec;
mod error;
mod policy;
mod record;
mod record_error;
mod refresh;
mod refresh_history;
mod refresh_outcome;
mod revocations;
mod sequence;
mod session_end;
mod sign_out;
mod snapshot;

pub use error::SessionError;
pub use policy::{Freshness, RefreshResult, RefreshTrigger, SessionPolicy, StoredRecord, Unauthorized401};
pub use record::StoredSession;
pub use record_error::RecordError;
pub use refresh::{RefreshInFlight, refresh};
pub use refresh_history::{Backoff, RefreshHistory};
pub use refresh_outcome::RefreshOutcome;
pub use revocations::{Revocation, Revocations};
pub use sequence::{Sequence, SignInTime};
pub use session_end::{SessionEnd, SessionEndReason};
pub use sign_out::{SignOutAnswer, SignOutInFlight, sign_out};
pub use snapshot::{RestoreError, SessionSnapshot, SnapshotContent};
