//! The transport against real sockets: what it sends, what it refuses, and how it names what went wrong.

mod answers;
#[path = "../authority/mod.rs"]
mod authority;
mod causes;
mod connections;
#[path = "../delivered/mod.rs"]
mod delivered;
mod early;
mod issuers;
mod pins;
mod pool;
mod server;
mod socks;
mod tls;
mod tls_server;
