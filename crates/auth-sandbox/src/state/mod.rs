//! What a sandbox knows after a restart, if it is asked to: users' new passwords, authenticators, sessions, attempts and blocks. Sign-ins in
//! progress, QR codes, messages, the log, faults and settings are not kept.

mod error;
mod file;
mod keeper;
mod record;

pub use error::StateError;
pub(crate) use file::StateFile;
pub(crate) use keeper::Keeper;
pub(crate) use record::State;
