//! The driver against ports that can be told what to do next: cancelling, double submits, failing stores, time.

mod adversary;
mod auto_refresh;
mod clocks;
mod herds;
mod leaving;
mod lifetimes;
mod moves;
mod overtaken;
mod own_errors;
mod ports;
mod qr;
mod recovery;
mod rivals;
mod runtimes;
mod sessions;
mod signing_out;
mod snapshots;
mod states;
mod stores;
