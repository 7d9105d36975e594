//! The attack campaign: what an attacker on the wire, behind the host's texts, beside the user on the same machine, or in a web page
//! of the user's browser would try. Each attack that once succeeded is a test here; what is drawn by chance comes from the seed.
//!
//! A short form of each runs with all tests. `cargo xtask attack` runs more rounds: `E2E_ATTACK_ROUNDS` and `E2E_ATTACK_SEED` set
//! them, and each attack prints its seed.
//!
//! | module | attacker |
//! | --- | --- |
//! | `echoes` | a host that repeats what was typed |
//! | `fifo` | whoever puts a pipe where a file is expected |
//! | `idle_connections` | connections that say nothing, at the sandbox |
//! | `memory` | who reads the memory of a process that waits |
//! | `own_echoes` | whoever writes an argument, a variable, a path or a file that is named in a log |
//! | `planted_links` | whoever puts links where files are written |
//! | `scope` | whoever makes the addresses that an app asks, such as a host with several tenants |
//! | `shared_folder` | another user who can write to the store's folder |
//! | `store_file` | somebody who may write the store's file and lacks its key |
//! | `stuck_host` | a host that never takes a sign-out |
//! | `threads` | whoever uses up a process's threads |
//! | `web_page` | a page of another site in a real browser, at the sandbox |
//! | `wire` | a host, or a machine before it, whose answers come before their requests |

mod campaign;
mod echoes;
mod fifo;
mod idle_connections;
#[cfg(target_os = "linux")]
mod memory;
mod own_echoes;
mod planted_links;
mod scope;
mod shared_folder;
mod store_file;
mod stuck_host;
#[cfg(target_os = "linux")]
mod threads;
#[cfg(target_os = "linux")]
mod web_page;
mod wire;
