//! The transport against real sockets: what it sends, what it refuses, and how it names what went wrong.

mod answers;
#[path = "../authority/mod.rs"]
mod authority;
mod connections;
mod server;
mod tls;
