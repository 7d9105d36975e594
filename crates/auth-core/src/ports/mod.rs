//! What this crate needs from outside, as traits. Adapters implement them; this crate has no implementation.

mod approval_channel;
mod cause;
mod clock;
mod key_page;
mod patience;
mod record_codec;
mod store;
mod store_error;
mod transport;
mod user_presence;

pub use approval_channel::{
    ApprovalChannel, ChannelError, ChannelEvent, ChannelEvents, ChannelFailure, ChannelHeader,
    ChannelSubscription, ChannelTransports,
};
/// For implementations of these ports.
pub use async_trait::async_trait;
pub use cause::Cause;
pub use clock::Clock;
pub use key_page::{KeyPage, StoreCursor};
pub use patience::within;
pub use record_codec::RecordNameError;
pub use store::{Record, RecordKey, RecordKind, SessionId, SessionStore, StoreLock, WriteCondition};
pub use store_error::{StoreError, reason};
pub use transport::{Transport, TransportError, TransportFailure};
pub use user_presence::UserPresence;
