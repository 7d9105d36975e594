//! The key derived from a passphrase, with Argon2id.

#[cfg(feature = "local")]
use super::random::random;
use crate::StorePassphrase;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use auth_core::ports::StoreError;
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use serde::{Deserialize, Serialize};
#[cfg(feature = "local")]
use std::ops::RangeInclusive;
use zeroize::{Zeroize, Zeroizing};

/// What a file may ask a key derivation to cost: up to 256 MiB and a few seconds.
#[cfg(feature = "local")]
const M_KIB: RangeInclusive<u32> = 8..=256 * 1024;
#[cfg(feature = "local")]
const T: RangeInclusive<u32> = 1..=16;
#[cfg(feature = "local")]
const P: RangeInclusive<u32> = 1..=16;
#[cfg(feature = "local")]
const SALT_BYTES: RangeInclusive<usize> = 16..=64;

/// How a key is derived from a passphrase. The numbers are checked where a file is read: they may be hostile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Derivation {
    pub(crate) kdf: Kdf,
    pub(crate) m_kib: u32,
    pub(crate) t: u32,
    pub(crate) p: u32,
    pub(crate) salt: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kdf {
    Argon2id,
}

impl Derivation {
    /// The derivation of a new store: a random salt, and the costs that Argon2's authors recommend.
    #[cfg(feature = "local")]
    pub(crate) fn fresh() -> Result<Self, StoreError> {
        Ok(Self::with_salt(*random::<16>()?))
    }

    /// The derivation with the costs of a new store, and this salt.
    pub(crate) fn with_salt(salt: [u8; 16]) -> Self {
        Self {
            kdf: Kdf::Argon2id,
            m_kib: Params::DEFAULT_M_COST,
            t: Params::DEFAULT_T_COST,
            p: Params::DEFAULT_P_COST,
            salt: BASE64.encode(salt),
        }
    }

    /// False if the costs or the salt are out of bounds.
    #[cfg(feature = "local")]
    pub(crate) fn is_sound(&self) -> bool {
        let Self { kdf: Kdf::Argon2id, m_kib, t, p, salt } = self;
        let salted = BASE64.decode(salt).is_ok_and(|salt| SALT_BYTES.contains(&salt.len()));
        M_KIB.contains(m_kib) && T.contains(t) && P.contains(p) && *m_kib >= 8 * p && salted
    }

    /// The key that the passphrase gives.
    pub(crate) fn run(&self, passphrase: &StorePassphrase) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let salt = BASE64.decode(&self.salt).map_err(|_| StoreError::failed())?;
        let params = Params::new(self.m_kib, self.t, self.p, Some(32)).map_err(|_| StoreError::failed())?;
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
        done.map(|()| key).map_err(|_| StoreError::failed())
    }
}
