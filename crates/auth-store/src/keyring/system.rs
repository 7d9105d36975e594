//! The keyring that this system has.

use super::entries::Entries;
use auth_core::ports::StoreError;
use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};
use zeroize::Zeroizing;

#[cfg(any(target_os = "macos", windows))]
use super::native::Native as Connected;
#[cfg(any(
    target_os = "linux",
    target_os = "freebsd",
    target_os = "openbsd",
    target_os = "netbsd",
    target_os = "dragonfly"
))]
use super::secret_service::SecretServiceKeyring as Connected;

/// The name of the entry that a probe writes, with a random end.
const PROBE: &str = "probe";

/// The entries of one service in the keyring of this system.
pub(super) struct SystemKeyring {
    service: String,
    may_prompt: AtomicBool,
    bus: OnceLock<String>,
    connected: OnceLock<Connected>,
}

impl SystemKeyring {
    /// Asks for nothing before the first use.
    pub(super) fn new(service: String) -> Self {
        let (may_prompt, bus, connected) = Default::default();
        Self { service, may_prompt, bus, connected }
    }

    pub(super) fn service(&self) -> &str {
        &self.service
    }

    pub(super) fn may_prompt(&self, may: bool) {
        self.may_prompt.store(may, Ordering::Relaxed);
    }

    pub(super) fn on_bus(&self, address: &str) {
        let _first_counts = self.bus.set(address.to_owned());
    }

    /// Writes an entry, reads it and removes it.
    pub(super) fn probe(&self) -> Result<(), StoreError> {
        let written = crate::sealing::random::<16>()?;
        let name = format!("{PROBE}-{}", crate::sealing::hex(&written[..8]));
        let read = self.set(&name, &*written).and_then(|()| self.get(&name));
        // Also after an error: it may have been written all the same.
        let removed = self.remove(&name);
        let is_same = read?.is_some_and(|read| read.as_slice() == written.as_slice());
        let differs = StoreError::unavailable("the keyring does not give back what was written to it");
        if is_same { removed } else { Err(differs) }
    }

    fn connected(&self) -> &Connected {
        self.connected.get_or_init(|| Connected::new(&self.service, self.bus.get().map(String::as_str)))
    }
}

impl Entries for SystemKeyring {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        self.connected().get(name, self.may_prompt.load(Ordering::Relaxed))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), StoreError> {
        self.connected().set(name, secret, self.may_prompt.load(Ordering::Relaxed))
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.connected().remove(name, self.may_prompt.load(Ordering::Relaxed))
    }

    fn names(&self) -> Result<Vec<String>, StoreError> {
        self.connected().names(self.may_prompt.load(Ordering::Relaxed))
    }
}

/// Other systems have no keyring that this knows.
#[cfg(not(any(
    target_os = "linux",
    target_os = "freebsd",
    target_os = "openbsd",
    target_os = "netbsd",
    target_os = "dragonfly",
    target_os = "macos",
    windows
)))]
struct Connected;

#[cfg(not(any(
    target_os = "linux",
    target_os = "freebsd",
    target_os = "openbsd",
    target_os = "netbsd",
    target_os = "dragonfly",
    target_os = "macos",
    windows
)))]
impl Connected {
    const NONE: StoreError =
        StoreError::unavailable("this system has no keyring that is known; use another store");

    fn new(_: &str, _: Option<&str>) -> Self {
        Self
    }

    fn get(&self, _: &str, _: bool) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Err(Self::NONE)
    }

    fn set(&self, _: &str, _: &[u8], _: bool) -> Result<(), StoreError> {
        Err(Self::NONE)
    }

    fn remove(&self, _: &str, _: bool) -> Result<(), StoreError> {
        Err(Self::NONE)
    }

    fn names(&self, _: bool) -> Result<Vec<String>, StoreError> {
        Err(Self::NONE)
    }
}
