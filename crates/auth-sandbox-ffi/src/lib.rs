//! The sandbox for the tests of Kotlin and Swift apps: a B2Core-compatible host in the test's own process.
//!
//! This crate mirrors `auth-sandbox` and has no logic of its own. It is a library of its own, so that no app carries it: only
//! tests do. All calls are quick and none waits for a request. Secrets are given out by the calls that are there for it, and
//! nothing prints them.

mod config;
mod error;
mod new_user;
mod print;
mod sandbox;
mod scanned;
mod steering;
mod values;

pub use config::{SandboxConfig, SandboxLimits};
pub use error::SandboxError;
pub use new_user::NewUser;
pub use sandbox::Sandbox;
pub use values::{SandboxChannel, SandboxFault, SandboxMessage, SandboxOffice, SandboxRequest, SandboxUser};

uniffi::setup_scaffolding!("sandbox");
