//! What this crate needs from outside, as traits. Adapters implement them; this crate has no implementation.

mod clock;
mod store;
mod transport;

pub use clock::Clock;
pub use store::{
    Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, StoreLock, WriteCondition,
};
pub use transport::{Transport, TransportError};
