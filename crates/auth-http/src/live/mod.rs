//! The live channel of QR sign-in: [`ApprovalChannel`](auth_core::ports::ApprovalChannel) over the wire of a laravel-echo-server.
//!
//! | module | holds |
//! | --- | --- |
//! | `channel` | [`LiveChannel`]: one connection after the other |
//! | `connection` | one connection, from its handshake to its end |
//! | `session` | what both transports have in common: packets, heartbeat, reports |
//! | `by_polling` | the connection by polling, and its upgrade to a websocket |
//! | `by_websocket` | the connection by a websocket |
//! | `server` | the requests: handshake, poll, post, upgrade |
//! | `socket` | frames of a websocket |
//! | `accept` | the proof that a server speaks websocket |
//! | `heartbeat` | when to ping, and when a connection counts as dead |
//! | `progress` | bytes that came, also of what is not complete yet |
//! | `end` | why a connection ended, and whether another one is of use |
//! | [`wire`] | the packets, without IO |

mod accept;
mod by_polling;
mod by_websocket;
mod channel;
mod connection;
mod end;
mod heartbeat;
mod progress;
mod server;
mod session;
mod socket;
pub mod wire;

pub use channel::LiveChannel;
