//! The sandbox seen from outside, over real HTTP.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may panic like tests")]

mod accounts;
mod back_office;
mod beside_totp_rs;
mod clock;
mod control;
mod dialects;
mod error_shapes;
mod faults;
mod front_office;
mod gate;
mod limits;
mod live;
mod live_faults;
mod live_hostile;
mod observation;
mod page;
mod qr;
mod qr_refusals;
mod raw;
mod refusals;
mod reset;
mod state;
mod steering;
mod support;
mod tls;
mod tokens;
mod users_file;
mod wire;
