//! Where the key of a store comes from: a key file, or a passphrase, from which Argon2 makes the key (`sealing/derivation.rs`).
//! The key of a `SealedStore` is in `sealing/store_key.rs`.

use super::{key_file::KeyFile, next_key, paths::StorePaths, record_keys::RecordKeys, seal::Seal};
use crate::{NewKey, StorePassphrase, sealing::Derivation};
use auth_core::ports::StoreError;
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

/// The store is there, and its key file is not.
fn missing(paths: &StorePaths) -> StoreError {
    StoreError::KeyMissing { path: paths.key_file(), source: Arc::new(io::ErrorKind::NotFound.into()) }
}

pub(crate) enum LocalKeySource {
    KeyFile(KeyFile),
    Passphrase { passphrase: StorePassphrase, derived: Mutex<Option<(Derivation, Arc<RecordKeys>)>> },
}

impl LocalKeySource {
    pub(crate) fn key_file() -> Self {
        Self::KeyFile(KeyFile::default())
    }

    pub(crate) fn passphrase(passphrase: StorePassphrase) -> Self {
        Self::Passphrase { passphrase, derived: Mutex::new(None) }
    }

    /// False if making the key takes much longer than reading a file.
    pub(super) fn is_quick(&self) -> bool {
        matches!(self, Self::KeyFile(_))
    }

    /// The keys that sealed a store.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] if this source does not give them, [`StoreError::KeyMissing`] if the key file cannot be had.
    pub(crate) fn open(
        &self,
        paths: &StorePaths,
        seal: &Seal,
        check: &str,
    ) -> Result<Arc<RecordKeys>, StoreError> {
        let keys = match (self, seal) {
            (Self::KeyFile(file), Seal::KeyFile) => {
                let found = file.keys(paths)?;
                if let Some(keys) = found.filter(|keys| keys.check() == check) {
                    return Ok(keys);
                }
                if let Some(keys) = next_key::open(paths, check)? {
                    return Ok(keys);
                }
                // Only the content shows that a key is wrong, whatever the file system says of the file.
                file.read(paths)?.ok_or_else(|| missing(paths))?
            }
            (Self::Passphrase { .. }, Seal::Passphrase(derivation)) => self.derive(derivation)?,
            _ => return Err(StoreError::WrongKey),
        };
        if keys.check() == check { Ok(keys) } else { Err(StoreError::WrongKey) }
    }

    /// Whether a store could begin with what is there.
    ///
    /// # Errors
    /// [`StoreError::KeyMissing`] if there is a key file that cannot be read, [`StoreError::NotAStore`] if it is none.
    pub(crate) fn check(&self, paths: &StorePaths) -> Result<(), StoreError> {
        match self {
            Self::KeyFile(file) => file.keys(paths).map(drop),
            Self::Passphrase { .. } => Ok(()),
        }
    }

    /// The keys for a store that is not there yet. Needs the store's lock.
    pub(crate) fn begin(&self, paths: &StorePaths) -> Result<(Seal, Arc<RecordKeys>), StoreError> {
        match self {
            Self::KeyFile(file) => {
                let keys = match file.keys(paths)? {
                    Some(keys) => keys,
                    None => file.create(paths)?,
                };
                Ok((Seal::KeyFile, keys))
            }
            Self::Passphrase { .. } => {
                let derivation = Derivation::fresh()?;
                let keys = self.derive(&derivation)?;
                Ok((Seal::Passphrase(derivation), keys))
            }
        }
    }

    /// Before a write: nobody else reads the key file from now on.
    pub(crate) fn tighten(&self, paths: &StorePaths) {
        if let Self::KeyFile(file) = self {
            file.tighten(paths);
        }
    }

    /// Before or after a change: where another process was killed while it sealed the store anew, its key file gets its new content. `check`
    /// is that of the store as it is now. Where that cannot be done the store opens with the successor all the same. Needs the store's lock.
    pub(crate) fn settle(&self, paths: &StorePaths, check: impl FnOnce() -> Option<String>) {
        if matches!(self, Self::KeyFile(_))
            && next_key::is_there(paths)
            && let Some(check) = check()
            && let Err(error) = next_key::settle(paths, &check)
        {
            tracing::warn!(error = error.kind(), "the key file could not get its new content yet");
        }
    }

    fn derive(&self, derivation: &Derivation) -> Result<Arc<RecordKeys>, StoreError> {
        let Self::Passphrase { passphrase, derived } = self else { return Err(StoreError::WrongKey) };
        // Held during the derivation: whoever comes second finds it done.
        let mut derived = derived.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, keys)) = &*derived
            && of == derivation
        {
            return Ok(Arc::clone(keys));
        }
        let keys = Arc::new(RecordKeys::new(derivation.run(passphrase)?));
        *derived = Some((derivation.clone(), Arc::clone(&keys)));
        Ok(keys)
    }
}

impl NewKey {
    /// The keys that a store is sealed with from now on; `check` is that of the keys that it has. Needs the store's lock.
    ///
    /// # Errors
    /// If the key file could not get its new content later.
    pub(crate) fn begin(
        &self,
        paths: &StorePaths,
        check: &str,
    ) -> Result<(Seal, Arc<RecordKeys>), StoreError> {
        match self {
            Self::KeyFile => Ok((Seal::KeyFile, next_key::write(paths, check)?)),
            Self::Passphrase(passphrase) => {
                let derivation = Derivation::fresh()?;
                let keys = Arc::new(RecordKeys::new(derivation.run(passphrase)?));
                Ok((Seal::Passphrase(derivation), keys))
            }
        }
    }

    /// Once the store is sealed with it. What cannot be done now is done by the next change. Needs the store's lock.
    pub(crate) fn finish(&self, paths: &StorePaths) {
        let done = match self {
            Self::KeyFile => next_key::take_over(paths),
            Self::Passphrase(_) => next_key::drop_both(paths),
        };
        if let Err(error) = done {
            tracing::warn!(error = error.kind(), "the key file could not be brought up to date");
        }
    }
}
