//! The driver against ports that can be told what to do next: cancelling, double submits, failing stores, time.

mod clocks;
mod herds;
mod keep_fresh;
mod lifetimes;
mod moves;
mod overtaken;
mod packed;
mod ports;
mod recovery;
mod rivals;
mod runtimes;
mod sessions;
mod signing_out;
mod states;
mod stores;
