//! What an actor is started with, from its environment.

use std::path::PathBuf;

/// How an actor's runtime is driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// All the time.
    Always,
    /// Only while a call is under way.
    PerCall,
    /// All the time, with an app that asks for tokens in a loop.
    Loop,
}

/// What an actor is started with.
pub(crate) struct Setup {
    pub(crate) host: String,
    pub(crate) store: PathBuf,
    pub(crate) clock: PathBuf,
    pub(crate) name: String,
    pub(crate) seed: u64,
    pub(crate) manner: Manner,
    /// How long the host is waited for, in milliseconds.
    pub(crate) timeout: u64,
}

impl Setup {
    /// `None` if something is missing: nobody starts this by hand.
    pub(crate) fn from_environment() -> Option<Self> {
        let read = |name: &str| std::env::var(format!("TORTURE_{name}")).ok();
        let manner = match read("MANNER")?.as_str() {
            "always" => Manner::Always,
            "per_call" => Manner::PerCall,
            "loop" => Manner::Loop,
            _ => return None,
        };
        Some(Self {
            host: read("HOST")?,
            store: read("STORE")?.into(),
            clock: read("CLOCK")?.into(),
            name: read("NAME")?,
            seed: read("SEED")?.parse().ok()?,
            manner,
            timeout: read("TIMEOUT")?.parse().ok()?,
        })
    }
}
