//! What the outside world must be able to do. Adapters implement these; the core never does.

mod clock;
mod store;
mod transport;

pub use clock::Clock;
pub use store::{Epoch, Guard, Lease, Record, RecordKey, SessionStore, Slot, StoreError};
pub use transport::{Transport, TransportError};
