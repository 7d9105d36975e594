//! The HTTP transport: [`Transport`](auth_core::ports::Transport) over reqwest.
//!
//! It moves bytes and decides nothing: no retry, no redirect, no cookie, no reading of answers.
//!
//! | feature | TLS |
//! | --- | --- |
//! | `rustls` (default) | rustls with the platform's trust store and the crypto provider that reqwest's feature `rustls` brings |
//! | `ring` | the same over ring: smaller, for programs that no other crate depends on |
//! | none of them | as the program's own features of reqwest have it |
//!
//! With rustls, the trust store is loaded when the first `https` request needs it; a client that only ever talks to this
//! machine never loads it. A crypto provider that the program has installed is used; none is ever installed here.
//!
//! Not in scope: certificate pinning, HTTP/2, the live QR channel.

mod addresses;
mod causes;
mod client;
mod options;
mod reuse;
mod send;
mod tls;

pub use client::ClientError;
pub use options::{HttpOptions, OptionsError, Proxy};
pub use send::HttpTransport;
