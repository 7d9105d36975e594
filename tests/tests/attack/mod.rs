//! The attack campaign: what an attacker on the wire, behind the host's texts, beside the user on the same machine, or in a web page
//! of the user's browser would try. Each attack that once succeeded is a test here; what is drawn by chance comes from the seed.
//!
//! A short form of each runs with all tests. `cargo xtask attack` runs more rounds: `E2E_ATTACK_ROUNDS` and `E2E_ATTACK_SEED` set
//! them, and each attack prints its seed.
//!
//! | module | attacker |
//! | --- | --- |
//! | `echoes` | a host that repeats what was typed |
//! | `memory` | who reads the memory of a process that waits |
//! | `own_echoes` | whoever writes an argument, a variable, a path or a file that is named in a log |

mod campaign;
mod echoes;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(unix)]
mod own_echoes;
