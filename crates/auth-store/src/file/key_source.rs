//! Where the store's key comes from.

use super::{
    atomic,
    container::{Container, Derivation, Kdf, Seal},
    paths::StorePaths,
    seal::{Keys, random},
};
use crate::StorePassphrase;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use auth_core::ports::StoreError;
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use std::{
    ops::RangeInclusive,
    sync::{Arc, Mutex, PoisonError},
};
use zeroize::{Zeroize, Zeroizing};

/// 32 bytes in base64 take 44 letters; anything much longer is something else.
const MAX_KEY_FILE_BYTES: u64 = 4096;

/// What a file may ask a key derivation to cost: up to 256 MiB and a few seconds.
const M_KIB: RangeInclusive<u32> = 8..=256 * 1024;
const T: RangeInclusive<u32> = 1..=16;
const P: RangeInclusive<u32> = 1..=16;
const SALT_BYTES: RangeInclusive<usize> = 16..=64;

pub(super) enum KeySource {
    KeyFile,
    Passphrase { passphrase: StorePassphrase, derived: Mutex<Option<(Derivation, Arc<Keys>)>> },
}

impl KeySource {
    pub(super) fn passphrase(passphrase: StorePassphrase) -> Self {
        Self::Passphrase { passphrase, derived: Mutex::new(None) }
    }

    /// The keys that sealed a store.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] if this source does not give them.
    pub(super) fn open(&self, paths: &StorePaths, container: &Container) -> Result<Arc<Keys>, StoreError> {
        let keys = match (self, &container.seal) {
            (Self::KeyFile, Seal::KeyFile) => read_key_file(paths)?
                .ok_or(StoreError::Unavailable { what: "its key file is missing" })
                .map(|master| Arc::new(Keys::new(master)))?,
            (Self::Passphrase { .. }, Seal::Passphrase(derivation)) => self.derive(derivation)?,
            _ => return Err(StoreError::WrongKey),
        };
        if keys.check() == container.check { Ok(keys) } else { Err(StoreError::WrongKey) }
    }

    /// The keys for a store that is not there yet. Needs the store's lock.
    pub(super) fn begin(&self, paths: &StorePaths) -> Result<(Seal, Arc<Keys>), StoreError> {
        match self {
            Self::KeyFile => {
                let master = match read_key_file(paths)? {
                    Some(master) => master,
                    None => write_key_file(paths)?,
                };
                Ok((Seal::KeyFile, Arc::new(Keys::new(master))))
            }
            Self::Passphrase { .. } => {
                let derivation = Derivation {
                    kdf: Kdf::Argon2id,
                    m_kib: Params::DEFAULT_M_COST,
                    t: Params::DEFAULT_T_COST,
                    p: Params::DEFAULT_P_COST,
                    salt: BASE64.encode(*random::<16>()?),
                };
                let keys = self.derive(&derivation)?;
                Ok((Seal::Passphrase(derivation), keys))
            }
        }
    }

    /// Before a write: nobody else reads the key file from now on.
    pub(super) fn tighten(&self, paths: &StorePaths) {
        #[cfg(unix)]
        if matches!(self, Self::KeyFile) {
            use std::{fs, os::unix::fs::PermissionsExt};
            let path = paths.key_file();
            let open = fs::metadata(&path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0);
            if open {
                let done = fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).is_ok();
                tracing::warn!(path = %path.display(), tightened = done, "others could read the key file");
            }
        }
        #[cfg(not(unix))]
        let _ = paths;
    }

    fn derive(&self, derivation: &Derivation) -> Result<Arc<Keys>, StoreError> {
        let Self::Passphrase { passphrase, derived } = self else { return Err(StoreError::WrongKey) };
        // Held during the derivation: whoever comes second finds it done.
        let mut derived = derived.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, keys)) = &*derived
            && of == derivation
        {
            return Ok(Arc::clone(keys));
        }
        let keys = Arc::new(Keys::new(derivation.run(passphrase)?));
        *derived = Some((derivation.clone(), Arc::clone(&keys)));
        Ok(keys)
    }
}

impl Seal {
    /// False if a file asks for what no store of ours would.
    pub(super) fn is_sound(&self) -> bool {
        match self {
            Self::KeyFile | Self::Other => true,
            Self::Passphrase(Derivation { kdf: Kdf::Argon2id, m_kib, t, p, salt }) => {
                let salted = BASE64.decode(salt).is_ok_and(|salt| SALT_BYTES.contains(&salt.len()));
                M_KIB.contains(m_kib) && T.contains(t) && P.contains(p) && *m_kib >= 8 * p && salted
            }
        }
    }
}

impl Derivation {
    fn run(&self, passphrase: &StorePassphrase) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let salt = BASE64.decode(&self.salt).map_err(|_| StoreError::Failed)?;
        let params = Params::new(self.m_kib, self.t, self.p, Some(32)).map_err(|_| StoreError::Failed)?;
        let mut memory = vec![Block::new(); params.block_count()];
        let mut key = Zeroizing::new([0; 32]);
        let Self { kdf: Kdf::Argon2id, .. } = self;
        let done = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
            passphrase.expose().as_bytes(),
            &salt,
            &mut *key,
            &mut memory,
        );
        memory.iter_mut().for_each(Zeroize::zeroize);
        done.map(|()| key).map_err(|_| StoreError::Failed)
    }
}

/// Nothing if there is no file; a wrong key if it holds something else.
fn read_key_file(paths: &StorePaths) -> Result<Option<Zeroizing<[u8; 32]>>, StoreError> {
    let Some(text) = atomic::read(&paths.key_file(), MAX_KEY_FILE_BYTES)? else { return Ok(None) };
    // More than a key, so that a longer one is seen.
    let mut bytes = Zeroizing::new([0; 36]);
    match BASE64.decode_slice(text.trim_ascii(), &mut *bytes) {
        Ok(32) => {}
        _ => return Err(StoreError::WrongKey),
    }
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&bytes[..32]);
    Ok(Some(key))
}

fn write_key_file(paths: &StorePaths) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    let key = random::<32>()?;
    let mut text = Zeroizing::new([0; 45]);
    let length = BASE64.encode_slice(*key, &mut *text).map_err(|_| StoreError::Failed)?;
    text[length] = b'\n';
    atomic::create(&paths.key_file(), &text[..=length])?;
    Ok(key)
}
