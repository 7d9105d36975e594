//! The ports that an app can implement: a store and its lock between processes, a transport, a live channel, and the user's presence.

mod channel;
mod presence;
mod process_lock;
mod store;
mod thrown;
mod transport;

pub(crate) use channel::ChannelBridge;
#[cfg(not(feature = "bundled"))]
pub(crate) use channel::NoChannel;
pub use channel::{ApprovalChannel, ChannelChoice, ChannelEnd, ChannelEvents, ChannelSubscription};
pub(crate) use presence::PresenceBridge;
pub use presence::{Presence, UserPresence};
pub use process_lock::ProcessLock;
pub use store::{LoadResult, SessionStore, StoreError};
pub(crate) use store::{StoreBridge, wait_for_process_locks};
pub(crate) use thrown::Thrown;
pub(crate) use transport::TransportBridge;
pub use transport::{HttpHeader, HttpRequest, HttpResponse, Transport, TransportError};
