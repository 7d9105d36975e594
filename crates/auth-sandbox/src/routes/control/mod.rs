//! Steering a running sandbox over HTTP, under `/_sandbox`. Every path takes a JSON object and answers with what is so now.

mod body;
mod clock;
mod faults;
mod live;
mod qr;
mod sessions;
mod settings;
mod table;
mod wizards;

pub(super) use table::routes;
