//! The attack campaign: what an attacker on the wire, behind the host's texts, beside the user on the same machine, or in a web page
//! of the user's browser would try. Each attack that once succeeded is a test here; what is drawn by chance comes from the seed.
//!
//! A short form of each runs with all tests. `cargo xtask attack` runs more rounds: `E2E_ATTACK_ROUNDS` and `E2E_ATTACK_SEED` set
//! them, and each attack prints its seed.
//!
//! | module | attacker |
//! | --- | --- |
//! | `scope` | whoever makes the addresses that an app asks, such as a host with several tenants |
//! | `wire` | a host, or a machine before it, whose answers come before their requests |

mod campaign;
mod scope;
mod wire;
