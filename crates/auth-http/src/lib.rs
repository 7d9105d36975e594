//! The HTTP transport: [`Transport`](auth_core::ports::Transport) over reqwest and rustls.
//!
//! It moves bytes and decides nothing: no retry, no redirect, no cookie, no reading of answers. TLS is rustls with
//! the platform's trust store, which is loaded when the first `https` request needs it; a client that only ever talks
//! to this machine never loads it.
//!
//! Not in scope: certificate pinning, HTTP/2, the live QR channel.

mod addresses;
mod options;
mod reuse;
mod send;
mod tls;

pub use options::{HttpOptions, OptionsError, Proxy};
pub use send::HttpTransport;
