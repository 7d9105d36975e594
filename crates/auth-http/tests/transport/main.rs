//! The transport against real sockets: what it sends, what it refuses, and how it names what went wrong.

mod answers;
mod connections;
mod server;
mod tls;
