//! The live channel against the real laravel-echo-server with a real Redis.

mod hostile_events;
mod logs;
mod networks;
mod private;
mod public;
mod restart;
mod tls;
