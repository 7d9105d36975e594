//! What is left of a sign-in: a session to keep, to refresh and to end.
//!
//! [`SessionPolicy`] decides: when a token is lent, when it is refreshed, what an answer means for the session. The rest is
//! the record, the two requests, and the sign-outs that the host has not heard of yet. A driver only carries it out.

pub(crate) mod codec;
mod error;
mod policy;
mod record;
mod record_error;
mod refresh;
mod refresh_history;
mod refresh_outcome;
mod revocations;
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
pub use sign_out::{SignOutInFlight, sign_out};
pub use snapshot::{RestoreError, SessionSnapshot, SnapshotContent};
