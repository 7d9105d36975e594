//! The key of another store, kept in the keyring.

use super::{
    content,
    entries::Entries,
    keyring_store::KeyringStore,
    presence::{self, Presence},
    root,
};
use crate::{KeySource, StoreKey, local::paths::StorePaths};
use async_trait::async_trait;
use auth_core::{
    ports::{Record, SessionId, StoreError, WriteCondition},
    secret::SecretBytes,
};
use std::path::PathBuf;

/// The name that the key has in the place of a record.
const KEY: &str = "key";

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
        self.keyring.change(key_or_new).await
    }
}

/// The key that a service has instead of records; a new one if it has none yet. One that does not read stays as it is: another would open
/// nothing.
fn key_or_new(entries: &dyn Entries, paths: &StorePaths) -> Result<StoreKey, StoreError> {
    let there = match presence::find(entries, paths)? {
        Presence::Absent => None,
        Presence::Damaged(_) => return Err(StoreError::Corrupt { cause: root::DAMAGED }),
        Presence::Found(state) => match state.table.records.get(KEY) {
            Some(row) => {
                Some(row.body.read(entries)?.ok_or(StoreError::Corrupt { cause: content::INCOMPLETE })?)
            }
            None => None,
        },
    };
    if let Some(there) = there {
        let bytes =
            there.as_slice().try_into().map_err(|_| StoreError::Corrupt { cause: content::INCOMPLETE })?;
        return Ok(StoreKey::from_bytes(bytes));
    }
    let key = StoreKey::generate()?;
    let record = Record { session_id: SessionId(0), body: SecretBytes::new(key.expose().to_vec()) };
    content::save(entries, paths, &[(KEY.to_owned(), record, WriteCondition::Unconditional)])?;
    Ok(key)
}
