//! `b2auth demo`: every way in, on one screen, against a sandbox in this process.

mod qr;
mod scenes;
mod show;
mod stage;

pub(crate) use show::run;
