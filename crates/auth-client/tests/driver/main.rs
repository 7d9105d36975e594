//! The driver against ports that can be told what to do next: cancelling, double submits, failing stores, time.

mod clocks;
mod herds;
mod moves;
mod packed;
mod ports;
mod recovery;
mod sessions;
mod signing_out;
mod states;
mod stores;
