//! The live channel against small servers: every step of the wire, and whatever can go wrong on it.

#[path = "../authority/mod.rs"]
mod authority;
mod connections;
#[path = "../delivered/mod.rs"]
mod delivered;
mod early;
mod failures;
mod frames;
mod heartbeat;
mod packets;
mod refusals;
mod server;
mod slow;
mod tls;
mod transports;
mod watcher;
