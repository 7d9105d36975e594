//! What the outside world must be able to do. Adapters implement these; the core never does.

mod clock;
mod store;
mod transport;

pub use clock::Clock;
pub use store::{
    Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, StoreLock, WriteCondition,
};
pub use transport::{Transport, TransportError};
