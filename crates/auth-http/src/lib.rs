//! The HTTP transport: [`Transport`](auth_core::ports::Transport) over reqwest.
//!
//! It moves bytes and decides nothing: no retry, no redirect, no cookie of its own, no reading of answers.
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
//! With the feature `socks`, one of the defaults, a proxy may speak SOCKS. An error says what was not found or what refused as its
//! [`cause`](auth_core::ports::TransportFailure), without a path, a header or a password.
//!
//! With the feature `live` there is `LiveChannel` too: an [`ApprovalChannel`](auth_core::ports::ApprovalChannel) for the live
//! channel of QR sign-in, as a laravel-echo-server speaks it. Its requests and websockets go through the same client settings.
//!
//! With rustls, the keys of a host can be pinned: `HttpOptions::certificate_pins`. Without it, TLS is the program's own reqwest's, which
//! offers no pins, so that the method is not there.
//!
//! Not in scope: HTTP/2.

mod addresses;
mod arrived;
mod causes;
mod client;
#[cfg(feature = "__rustls")]
mod host_keys;
#[cfg(feature = "live")]
mod live;
mod options;
mod proxy_in_use;
mod reason;
mod resolver;
mod reuse;
mod route;
mod send;
mod tls;

pub use client::ClientError;
#[cfg(feature = "__rustls")]
pub use host_keys::HostKey;
#[cfg(feature = "live")]
pub use live::LiveChannel;
#[cfg(feature = "live")]
#[doc(hidden)]
pub use live::wire;
pub use options::{HttpOptions, OptionsError, Proxy};
pub use send::HttpTransport;
