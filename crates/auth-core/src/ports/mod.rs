//! What this crate needs from outside, as traits. Adapters implement them; this crate has no implementation.

mod approval_channel;
mod clock;
mod record_codec;
mod store;
mod transport;

pub use approval_channel::{
    ApprovalChannel, ChannelError, ChannelEvent, ChannelEvents, ChannelHeader, ChannelSubscription,
    ChannelTransports,
};
/// For implementations of these ports.
pub use async_trait::async_trait;
pub use clock::Clock;
pub use record_codec::RecordNameError;
pub use store::{
    Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, StoreLock, WriteCondition,
};
pub use transport::{Transport, TransportError};
