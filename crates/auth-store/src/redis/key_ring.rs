//! The random keys that seal records, and their own sealed form. The store's key seals nothing else, so that it can be changed without
//! writing all records in the same instant.
//!
//! The sealed form is, in this order: `b2auth-redis`, the version (one byte), 16 random bytes (the salt for a passphrase), 16 bytes that tell the store's key from others, the nonce
//! (24 bytes), and the ciphertext: 32 bytes for names and places, then for each key of records its id (8 bytes) and itself (32 bytes), the
//! one in use first.

use super::redis_key::{SALT, Salt};
use crate::{
    StoreKey,
    sealing::{CHECK, Keys, NONCE, random},
};
use auth_core::ports::StoreError;
use std::{error::Error, fmt};
use zeroize::Zeroizing;

const MARK: &[u8] = b"b2auth-redis";
const VERSION: u8 = 1;
const BOUND_TO: &[u8] = b"b2auth-redis keys 1";
const KEY: usize = 32;
/// Bytes of the id of a key.
pub(super) const ID: usize = 8;
/// Keys that are kept: the one in use, and those that records may still be sealed with.
const MAX_KEYS: usize = 16;

pub(super) type KeyId = [u8; ID];

/// The keys of one store.
pub(super) struct KeyRing {
    secrets: Secrets,
    /// For names and places.
    pub(super) names: Keys,
    /// The one in use first.
    keys: Vec<(KeyId, Keys)>,
    /// As it is in the server.
    pub(super) sealed: Vec<u8>,
}

struct Secrets {
    salt: Salt,
    names: Zeroizing<[u8; KEY]>,
    keys: Vec<(KeyId, Zeroizing<[u8; KEY]>)>,
}

/// The marker is damaged: nothing of the store can be read.
#[derive(Debug)]
struct DamagedMarker;

impl fmt::Display for DamagedMarker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store's sealed keys are damaged: bring back the key that ends with :keys from a copy of the database")
    }
}

impl Error for DamagedMarker {}

impl KeyRing {
    /// New random keys, sealed by that of a new store with this salt.
    pub(super) fn generate(salt: Salt, key: &StoreKey) -> Result<Self, StoreError> {
        Secrets { salt, names: random()?, keys: vec![new_key()?] }.sealed_by(key)
    }

    /// The salt in a sealed form.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(super) fn salt_of(sealed: &[u8]) -> Result<Salt, StoreError> {
        Ok(*content(sealed)?.0)
    }

    /// Opens the sealed form.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`], [`StoreError::Newer`]; damage is [`StoreError::Failed`], as nothing may be put in its place.
    pub(super) fn open(sealed: Vec<u8>, key: &StoreKey) -> Result<Self, StoreError> {
        let (salt, rest) = content(&sealed)?;
        let (check, rest) = rest.split_first_chunk::<CHECK>().ok_or_else(damaged)?;
        let wrapping = wrapping(key);
        if *check != wrapping.check() {
            return Err(StoreError::WrongKey);
        }
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
        let text = wrapping.decrypt(*nonce, ciphertext.to_vec(), BOUND_TO).map_err(|_| damaged())?;
        let secrets = Secrets::read(*salt, text.expose()).ok_or_else(damaged)?;
        Ok(secrets.with(sealed))
    }

    /// The same keys, sealed by another one, with a new key for records in front of those that were.
    pub(super) fn with_new_key(&self, key: &StoreKey) -> Result<Self, StoreError> {
        let mut secrets = self.secrets.copy();
        secrets.keys.insert(0, new_key()?);
        secrets.keys.truncate(MAX_KEYS);
        secrets.sealed_by(key)
    }

    /// The same without the keys that no record needs: those after the first `kept`.
    pub(super) fn with_keys(&self, kept: usize, key: &StoreKey) -> Result<Self, StoreError> {
        let mut secrets = self.secrets.copy();
        secrets.keys.truncate(kept);
        secrets.sealed_by(key)
    }

    pub(super) fn count(&self) -> usize {
        self.keys.len()
    }

    /// What seals new records.
    pub(super) fn current(&self) -> (&KeyId, &Keys) {
        let (id, keys) = self.keys.first().expect("a ring has a key");
        (id, keys)
    }

    pub(super) fn find(&self, id: KeyId) -> Option<&Keys> {
        self.keys.iter().find(|(of, _)| *of == id).map(|(_, keys)| keys)
    }

    pub(super) fn position(&self, id: KeyId) -> Option<usize> {
        self.keys.iter().position(|(of, _)| *of == id)
    }

    /// True if records have the same names in both.
    pub(super) fn has_same_names(&self, other: &Self) -> bool {
        self.names.check() == other.names.check()
    }
}

impl Secrets {
    fn sealed_by(self, key: &StoreKey) -> Result<KeyRing, StoreError> {
        let mut text = Zeroizing::new(Vec::with_capacity(KEY + self.keys.len() * (ID + KEY)));
        text.extend_from_slice(&*self.names);
        for (id, key) in &self.keys {
            text.extend_from_slice(id);
            text.extend_from_slice(&**key);
        }
        let wrapping = wrapping(key);
        let encrypted = wrapping.encrypt(&text, BOUND_TO)?;
        let sealed =
            [MARK, &[VERSION], &self.salt, &wrapping.check(), &encrypted.nonce, &encrypted.ciphertext]
                .concat();
        Ok(self.with(sealed))
    }

    fn read(salt: Salt, text: &[u8]) -> Option<Self> {
        let (names, mut rest) = text.split_first_chunk::<KEY>()?;
        let mut keys = Vec::new();
        while !rest.is_empty() {
            let (id, key) = rest.split_first_chunk::<ID>()?;
            let (key, others) = key.split_first_chunk::<KEY>()?;
            keys.push((*id, Zeroizing::new(*key)));
            rest = others;
        }
        (1..=MAX_KEYS).contains(&keys.len()).then(|| Self { salt, names: Zeroizing::new(*names), keys })
    }

    fn with(self, sealed: Vec<u8>) -> KeyRing {
        let keys = self.keys.iter().map(|(id, key)| (*id, Keys::new(key.clone()))).collect();
        KeyRing { names: Keys::new(self.names.clone()), keys, sealed, secrets: self }
    }

    fn copy(&self) -> Self {
        Self { salt: self.salt, names: self.names.clone(), keys: self.keys.clone() }
    }
}

fn damaged() -> StoreError {
    StoreError::failed().because(DamagedMarker)
}

/// The salt of a sealed form, and what follows it.
fn content(sealed: &[u8]) -> Result<(&Salt, &[u8]), StoreError> {
    match sealed.strip_prefix(MARK).ok_or_else(damaged)? {
        [VERSION, rest @ ..] => rest.split_first_chunk::<SALT>().ok_or_else(damaged),
        [newer, ..] if *newer > VERSION => {
            Err(StoreError::Newer { found: (*newer).into(), supported: VERSION.into() })
        }
        _ => Err(damaged()),
    }
}

fn new_key() -> Result<(KeyId, Zeroizing<[u8; KEY]>), StoreError> {
    Ok((*random::<ID>()?, random()?))
}

fn wrapping(key: &StoreKey) -> Keys {
    Keys::new(Zeroizing::new(*key.expose()))
}
