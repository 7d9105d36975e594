//! The key of another store, kept in the keyring.

use super::{content, keyring_store::KeyringStore};
use crate::{KeySource, StoreKey};
use async_trait::async_trait;
use auth_core::ports::StoreError;
use std::path::PathBuf;

/// A key in the user's keyring, for what is kept elsewhere: give it to a [`SealedStore`](crate::SealedStore) around a database or a key-value
/// service. It is made at the first use, random, and is the same from then on. Needs the feature `keyring`.
///
/// What a [`KeyringStore`] says of the marker, of locked keyrings and of prompts holds here too. So a keyring that has lost the key is
/// [`StoreError::Unavailable`], and no new key is made, which would open nothing: [`make_way`](Self::make_way) gives the lost one up. A service has
/// one key, or is a store: not both.
///
/// ```no_run
/// use auth_store::{KeyringKey, MemoryStore, SealedStore};
///
/// let key = KeyringKey::new("my-program-key", "/home/ann/.local/share/my-program/key");
/// let store = SealedStore::new(MemoryStore::new(), key);
/// ```
#[derive(Clone, Debug)]
pub struct KeyringKey {
    keyring: KeyringStore,
}

impl KeyringKey {
    /// The key of a service in the user's keyring, with its marker at a path. Nothing is read, written or created before the first use.
    pub fn new(service: impl Into<String>, marker: impl Into<PathBuf>) -> Self {
        Self { keyring: KeyringStore::new(service, marker) }
    }

    /// Whether the user may be asked to unlock the keyring, as with a [`KeyringStore`].
    #[must_use]
    pub fn may_prompt(self, may: bool) -> Self {
        Self { keyring: self.keyring.may_prompt(may) }
    }

    /// For tests: a keyring on another bus than the session's.
    #[doc(hidden)]
    #[must_use]
    pub fn on_bus(self, address: &str) -> Self {
        Self { keyring: self.keyring.on_bus(address) }
    }

    /// A way out where the keyring does not have the key any more, so that a new one is made. What the lost one sealed does not open with it. True
    /// if there was a key to give up.
    ///
    /// # Errors
    /// As [`KeyringStore::make_way`].
    pub async fn make_way(&self) -> Result<bool, StoreError> {
        self.keyring.make_way().await
    }
}

#[async_trait]
impl KeySource for KeyringKey {
    async fn store_key(&self) -> Result<StoreKey, StoreError> {
        self.keyring.change(|entries, paths| content::key_or_new(entries, paths)).await
    }
}
