//! The file's format, version 1: JSON with the way the key is found, a value that only the right key gives, and the
//! sealed records.
//!
//! ```json
//! { "format": "b2auth-store", "version": 1,
//!   "seal": { "by": "passphrase", "kdf": "argon2id", "m_kib": 19456, "t": 2, "p": 1, "salt": "…" },
//!   "check": "…",
//!   "records": { "<name>": { "epoch": 7, "nonce": "…", "sealed": "…", "whose": { "nonce": "…", "sealed": "…" } } },
//!   "damaged": [ { "name": "…", "cause": "…", "record": … } ] }
//! ```
//!
//! `by` is `passphrase` or `key-file`; bytes are base64. A record's name is a keyed hash of its place, so the file
//! does not say whose accounts it holds; `whose` says it to the key's owner. A record of an older program lacks it, and
//! is not listed until it is written again. If `check` or `seal` is changed to something
//! that could be right, the key looks wrong, and then nothing is touched. Any change that an older program could not
//! carry along when it rewrites the file raises the version.

use super::{atomic, paths::StorePaths, seal::Keys};
use auth_core::ports::{Record, RecordKey, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{error::Category, value::RawValue};
use std::collections::BTreeMap;

pub(super) const FORMAT: &str = "b2auth-store";
pub(super) const VERSION: u32 = 1;
/// Far more than all accounts of a user need; keeps a wrong path from filling the memory.
const MAX_BYTES: u64 = 64 << 20;

/// How the key is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub(super) enum Seal {
    KeyFile,
    Passphrase(Derivation),
    /// A kind of key that this program has no way to get.
    #[serde(other)]
    Other,
}

/// How a key is derived from a passphrase. The numbers are checked where a file is read: they may be hostile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Derivation {
    pub(super) kdf: Kdf,
    pub(super) m_kib: u32,
    pub(super) t: u32,
    pub(super) p: u32,
    pub(super) salt: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kdf {
    Argon2id,
}

/// A record as it lies in the file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SealedRecord {
    pub(super) session_id: u64,
    pub(super) nonce: String,
    pub(super) sealed: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) whose: Option<SealedPlace>,
}

/// A record's place, for whoever has the key.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SealedPlace {
    pub(super) nonce: String,
    pub(super) sealed: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct DamagedRecord {
    name: String,
    cause: String,
    record: Box<RawValue>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Container {
    format: String,
    version: u32,
    pub(super) seal: Seal,
    pub(super) check: String,
    /// Not looked into before one is asked for: a damaged one leaves the others as they are.
    records: BTreeMap<String, Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    damaged: Vec<DamagedRecord>,
}

/// What tells formats and versions apart, before the rest is looked at.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u64,
}

pub(super) enum Reading {
    Absent,
    Damaged(&'static str),
    Found(Container),
}

/// Reads the store's file.
pub(super) fn read(paths: &StorePaths) -> Result<Reading, StoreError> {
    let Some(bytes) = atomic::read(&paths.store_file(), MAX_BYTES)? else { return Ok(Reading::Absent) };
    if bytes.is_empty() {
        return Ok(Reading::Damaged("the file is empty"));
    }
    // What is no store, or of another version, is told apart only if it does not read as ours.
    if let Ok(container) = serde_json::from_slice::<Container>(&bytes)
        && container.format == FORMAT
        && container.version == VERSION
    {
        let damaged = Reading::Damaged("the file asks for a key derivation out of bounds");
        return Ok(if container.seal.is_sound() { Reading::Found(container) } else { damaged });
    }
    let head: Head = match serde_json::from_slice(&bytes) {
        Ok(head) => head,
        Err(error) if error.classify() == Category::Eof => {
            return Ok(Reading::Damaged("the file is cut off"));
        }
        Err(_) => return Ok(Reading::Damaged("the file is no store")),
    };
    if head.format != FORMAT || head.version == 0 {
        return Ok(Reading::Damaged("the file is no store"));
    }
    if head.version > u64::from(VERSION) {
        let found = u32::try_from(head.version).unwrap_or(u32::MAX);
        return Err(StoreError::Newer { found, supported: VERSION });
    }
    Ok(Reading::Damaged("the file is not in the form of its version"))
}

impl Container {
    pub(super) fn new(seal: Seal, keys: &Keys) -> Self {
        let records = BTreeMap::new();
        let format = FORMAT.to_owned();
        Self { format, version: VERSION, seal, check: keys.check(), records, damaged: Vec::new() }
    }

    /// The record under a key; the error is what is wrong with it.
    pub(super) fn record(&self, keys: &Keys, key: &RecordKey) -> Option<Result<Record, &'static str>> {
        let value = self.records.get(&keys.name(key))?;
        let sealed = serde_json::from_str::<SealedRecord>(value.get())
            .map_err(|_| "it is not in the form of a record");
        Some(sealed.and_then(|sealed| keys.open(key, &sealed)))
    }

    /// The places of the records that say whose they are.
    pub(super) fn keys(&self, keys: &Keys) -> Vec<RecordKey> {
        let whose = |name: &str, record: &RawValue| {
            let whose = serde_json::from_str::<SealedRecord>(record.get()).ok()?.whose?;
            keys.open_place(name, &whose)
        };
        self.records.iter().filter_map(|(name, record)| whose(name, record)).collect()
    }

    pub(super) fn put(&mut self, keys: &Keys, key: &RecordKey, record: &Record) -> Result<(), StoreError> {
        let name = keys.name(key);
        let sealed = keys.seal(key, &name, record)?;
        let sealed = serde_json::value::to_raw_value(&sealed).map_err(|_| StoreError::Failed)?;
        self.records.insert(name, sealed);
        Ok(())
    }

    /// Moves a record to the damaged ones.
    pub(super) fn quarantine(&mut self, keys: &Keys, key: &RecordKey, cause: &'static str) {
        let name = keys.name(key);
        if let Some(record) = self.records.remove(&name) {
            self.damaged.push(DamagedRecord { name, cause: cause.to_owned(), record });
        }
    }

    /// Drops a record and the damaged ones of the same key; false if there was none.
    pub(super) fn remove(&mut self, keys: &Keys, key: &RecordKey) -> bool {
        let name = keys.name(key);
        let before = self.damaged.len();
        self.damaged.retain(|damaged| damaged.name != name);
        self.records.remove(&name).is_some() || self.damaged.len() < before
    }

    /// Puts this in the place of the store's file. Needs the store's lock.
    pub(super) fn write(&self, paths: &StorePaths) -> Result<(), StoreError> {
        let mut bytes = serde_json::to_vec(self).map_err(|_| StoreError::Failed)?;
        bytes.push(b'\n');
        if bytes.len() as u64 > MAX_BYTES {
            return Err(super::io_error("writing a file")(std::io::ErrorKind::FileTooLarge.into()));
        }
        atomic::replace(&paths.store_file(), &bytes)
    }
}
