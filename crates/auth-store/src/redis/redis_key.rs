//! What opens a store: a key, or a passphrase.

use crate::{KeySource, StoreKey, StorePassphrase, sealing::Derivation};
use auth_core::ports::StoreError;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Bytes of a marker's salt.
pub(super) const SALT: usize = 16;
/// Random bytes of a store, so that one passphrase gives other keys elsewhere.
pub(super) type Salt = [u8; SALT];

/// What opens a `RedisStore`, the same for all processes: made from a [`StoreKey`], any other [`KeySource`], or a [`StorePassphrase`].
///
/// A key is derived from a passphrase with Argon2id and a random salt that is in the store, once for a process and on a thread of its own.
#[derive(Clone)]
pub struct RedisKey(Kind);

#[derive(Clone)]
enum Kind {
    Source(Arc<dyn KeySource>),
    Passphrase(Arc<ByPassphrase>),
}

struct ByPassphrase {
    passphrase: StorePassphrase,
    derived: Mutex<Option<(Salt, StoreKey)>>,
}

impl<K: KeySource + 'static> From<K> for RedisKey {
    fn from(source: K) -> Self {
        Self(Kind::Source(Arc::new(source)))
    }
}

impl From<StorePassphrase> for RedisKey {
    fn from(passphrase: StorePassphrase) -> Self {
        Self(Kind::Passphrase(Arc::new(ByPassphrase { passphrase, derived: Mutex::default() })))
    }
}

impl fmt::Debug for RedisKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisKey(..)")
    }
}

impl RedisKey {
    /// Whether it can be had.
    pub(super) async fn check(&self) -> Result<(), StoreError> {
        match &self.0 {
            Kind::Source(source) => source.store_key().await.map(drop),
            Kind::Passphrase(_) => Ok(()),
        }
    }

    /// The key of the store with this salt.
    pub(super) async fn of(&self, salt: Salt) -> Result<StoreKey, StoreError> {
        match &self.0 {
            Kind::Source(source) => source.store_key().await,
            Kind::Passphrase(by) => {
                let by = Arc::clone(by);
                let derived = tokio::task::spawn_blocking(move || by.derive(salt)).await;
                derived.map_err(|_| StoreError::failed())?
            }
        }
    }
}

impl ByPassphrase {
    fn derive(&self, salt: Salt) -> Result<StoreKey, StoreError> {
        // Held during the derivation: whoever comes second finds it done.
        let mut derived: MutexGuard<'_, _> = self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, key)) = &*derived
            && *of == salt
        {
            return Ok(key.clone());
        }
        let key = StoreKey::from_bytes(*Derivation::with_salt(salt).run(&self.passphrase)?);
        *derived = Some((salt, key.clone()));
        Ok(key)
    }
}
