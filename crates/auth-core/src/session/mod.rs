//! What is left of a sign-in: a session to keep, to renew and to end.
//!
//! This is the codec and the requests. Who may renew when, and what a lost answer means, is the driver's business.

mod error;
mod record;
mod refresh;
mod sign_out;

pub use error::SessionError;
pub use record::{RecordError, StoredSession};
pub use refresh::{RefreshInFlight, refresh};
pub use sign_out::{SignOutInFlight, sign_out};
