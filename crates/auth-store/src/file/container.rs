//! The whole file in memory: reading it, its records, writing it.

use super::{
    atomic_replace,
    error::io_error,
    format::{DamagedRecord, FORMAT, Head, Seal, SealedRecord},
    mark::{self, MAX_BYTES},
    paths::StorePaths,
    record_sealing::RecordKeys,
};
use auth_core::ports::{Record, RecordKey, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{error::Category, value::RawValue};
use std::{collections::BTreeMap, io::ErrorKind};

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

pub(super) enum Reading {
    Absent,
    Damaged(&'static str),
    Found(Container),
}

/// Reads the store's file. An empty one counts as none.
///
/// # Errors
/// [`StoreError::NotAStore`] if another program's file lies there, whatever its size.
pub(super) fn read(paths: &StorePaths) -> Result<Reading, StoreError> {
    let path = paths.store_file();
    let bytes = match atomic_replace::read(&path, MAX_BYTES) {
        Ok(Some(bytes)) if !bytes.is_empty() => bytes,
        Ok(_) => return Ok(Reading::Absent),
        Err(StoreError::Io { source, .. })
            if source.kind() == ErrorKind::FileTooLarge && mark::is_at(&path).is_ok_and(|ours| !ours) =>
        {
            return Err(mark::not_a_store(&path));
        }
        Err(error) => return Err(error),
    };
    // Only if it does not read as ours: is it no store, or of another version?
    if let Ok(container) = serde_json::from_slice::<Container>(&bytes)
        && container.format == FORMAT.name
        && container.version == FORMAT.version
    {
        let damaged = Reading::Damaged("the file asks for a key derivation out of bounds");
        return Ok(if container.seal.is_sound() { Reading::Found(container) } else { damaged });
    }
    if !mark::is_in(&bytes) {
        return Err(mark::not_a_store(&path));
    }
    let head: Head = match serde_json::from_slice(&bytes) {
        Ok(head) => head,
        Err(error) if error.classify() == Category::Eof => {
            return Ok(Reading::Damaged("the file is cut off"));
        }
        Err(_) => return Ok(Reading::Damaged("the file is not in the form of a store")),
    };
    if head.version > u64::from(FORMAT.version) {
        let found = u32::try_from(head.version).unwrap_or(u32::MAX);
        return Err(StoreError::Newer { found, supported: FORMAT.version });
    }
    Ok(Reading::Damaged("the file is not in the form of its version"))
}

impl Container {
    pub(super) fn new(seal: Seal, keys: &RecordKeys) -> Self {
        let records = BTreeMap::new();
        let format = FORMAT.name.to_owned();
        Self {
            format,
            version: FORMAT.version,
            seal,
            check: keys.check().to_owned(),
            records,
            damaged: Vec::new(),
        }
    }

    /// The record under a key; the error is what is wrong with it.
    pub(super) fn record(&self, keys: &RecordKeys, key: &RecordKey) -> Option<Result<Record, &'static str>> {
        let value = self.records.get(&keys.name(key))?;
        let sealed = serde_json::from_str::<SealedRecord>(value.get())
            .map_err(|_| "it is not in the form of a record");
        Some(sealed.and_then(|sealed| keys.open(key, &sealed)))
    }

    /// The places of the records that say whose they are.
    pub(super) fn keys(&self, keys: &RecordKeys) -> Vec<RecordKey> {
        let whose = |name: &str, record: &RawValue| {
            let whose = serde_json::from_str::<SealedRecord>(record.get()).ok()?.whose?;
            keys.open_place(name, &whose)
        };
        self.records.iter().filter_map(|(name, record)| whose(name, record)).collect()
    }

    pub(super) fn put(
        &mut self,
        keys: &RecordKeys,
        key: &RecordKey,
        record: &Record,
    ) -> Result<(), StoreError> {
        let name = keys.name(key);
        let sealed = keys.seal(key, &name, record)?;
        let sealed = serde_json::value::to_raw_value(&sealed).map_err(|_| StoreError::failed())?;
        self.records.insert(name, sealed);
        Ok(())
    }

    /// Moves a record to the damaged ones.
    pub(super) fn quarantine(&mut self, keys: &RecordKeys, key: &RecordKey, cause: &'static str) {
        let name = keys.name(key);
        if let Some(record) = self.records.remove(&name) {
            self.damaged.push(DamagedRecord { name, cause: cause.to_owned(), record });
        }
    }

    /// Drops a record and the damaged ones of the same key; false if there was none.
    pub(super) fn remove(&mut self, keys: &RecordKeys, key: &RecordKey) -> bool {
        let name = keys.name(key);
        let before = self.damaged.len();
        self.damaged.retain(|damaged| damaged.name != name);
        self.records.remove(&name).is_some() || self.damaged.len() < before
    }

    /// Puts this in the place of the store's file. Needs the store's lock.
    pub(super) fn write(&self, paths: &StorePaths) -> Result<(), StoreError> {
        let mut bytes = serde_json::to_vec(self).map_err(|_| StoreError::failed())?;
        bytes.push(b'\n');
        if bytes.len() as u64 > MAX_BYTES {
            return Err(io_error("writing a file", &paths.store_file())(ErrorKind::FileTooLarge.into()));
        }
        atomic_replace::replace(&paths.store_file(), &bytes)
    }
}
