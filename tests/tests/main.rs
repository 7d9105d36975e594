//! `b2auth` from outside: real processes, real HTTP on loopback, real files.

#[cfg(unix)]
mod attack;
mod completions;
mod dialects;
mod faults;
mod foreign_files;
mod hostile;
mod interactive;
mod interrupted;
#[cfg(target_os = "linux")]
mod keyring;
mod languages;
mod live_channel;
mod lockout;
mod middleware;
mod network;
mod output;
mod ownership;
mod paths;
mod qr;
mod qr_dance;
mod qr_page;
mod redis_store;
mod sandbox_command;
mod sandbox_shared;
mod sandbox_state;
mod sandbox_tls;
mod secret_files;
mod secrets;
mod sessions;
mod sqlite_store;
mod store;
mod store_copy;
mod store_rekey;
mod tokens;
mod torture;
mod unattended;
mod usage;
