//! Where the file's key comes from: a key file, or a passphrase, from which Argon2 makes the key (`passphrase_key`).
//! The key of a `SealedStore` is in `sealing/store_key.rs`.

use super::{
    container::Container, format::Seal, key_file, passphrase_key::Derivation, paths::StorePaths,
    record_sealing::RecordKeys,
};
use crate::StorePassphrase;
use auth_core::ports::StoreError;
use std::sync::{Arc, Mutex, PoisonError};

pub(super) enum FileKeySource {
    KeyFile,
    Passphrase { passphrase: StorePassphrase, derived: Mutex<Option<(Derivation, Arc<RecordKeys>)>> },
}

impl FileKeySource {
    pub(super) fn passphrase(passphrase: StorePassphrase) -> Self {
        Self::Passphrase { passphrase, derived: Mutex::new(None) }
    }

    /// The keys that sealed a store.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] if this source does not give them.
    pub(super) fn open(
        &self,
        paths: &StorePaths,
        container: &Container,
    ) -> Result<Arc<RecordKeys>, StoreError> {
        let keys = match (self, &container.seal) {
            (Self::KeyFile, Seal::KeyFile) => key_file::read(paths)?
                .ok_or(StoreError::Unavailable { what: "its key file is missing" })
                .map(|master| Arc::new(RecordKeys::new(master)))?,
            (Self::Passphrase { .. }, Seal::Passphrase(derivation)) => self.derive(derivation)?,
            _ => return Err(StoreError::WrongKey),
        };
        if keys.check() == container.check { Ok(keys) } else { Err(StoreError::WrongKey) }
    }

    /// The keys for a store that is not there yet. Needs the store's lock.
    pub(super) fn begin(&self, paths: &StorePaths) -> Result<(Seal, Arc<RecordKeys>), StoreError> {
        match self {
            Self::KeyFile => {
                let master = match key_file::read(paths)? {
                    Some(master) => master,
                    None => key_file::write(paths)?,
                };
                Ok((Seal::KeyFile, Arc::new(RecordKeys::new(master))))
            }
            Self::Passphrase { .. } => {
                let derivation = Derivation::fresh()?;
                let keys = self.derive(&derivation)?;
                Ok((Seal::Passphrase(derivation), keys))
            }
        }
    }

    /// Before a write: nobody else reads the key file from now on.
    pub(super) fn tighten(&self, paths: &StorePaths) {
        if matches!(self, Self::KeyFile) {
            key_file::tighten(paths);
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
