//! What an app can bring: a store and a transport of its own.

mod store;
mod transport;

pub(crate) use store::StoreBridge;
pub use store::{LoadResult, SessionStore, StoreError};
pub(crate) use transport::TransportBridge;
pub use transport::{HttpHeader, HttpRequest, HttpResponse, Transport, TransportError};
