//! The ports that an app can implement: a store and a transport.

mod store;
mod transport;

pub(crate) use store::StoreBridge;
pub use store::{LoadResult, SessionStore, StoreError};
pub(crate) use transport::TransportBridge;
pub use transport::{HttpHeader, HttpRequest, HttpResponse, Transport, TransportError};
