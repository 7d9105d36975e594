//! The whole file in memory: reading it, writing it. What its records are worth is in `records`.

use super::{
    format::{DamagedRecord, FORMAT, Head, SealedText, VERSION},
    mark::{self, MAX_BYTES},
};
use crate::local::{
    atomic_replace,
    error::{io_error, not_a_store},
    paths::StorePaths,
    record_keys::RecordKeys,
    seal::Seal,
};
use crate::trusted_file::{self, Access};
use auth_core::ports::StoreError;
use serde::{Deserialize, Serialize};
use serde_json::{error::Category, value::RawValue};
use std::{collections::BTreeMap, io::ErrorKind, path::Path};
use zeroize::Zeroizing;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Container {
    format: String,
    pub(super) version: u32,
    pub(super) seal: Seal,
    pub(super) check: String,
    /// There is one since version 2.
    #[serde(default)]
    pub(super) table: Option<SealedText>,
    /// Not looked into before one is asked for: a damaged one leaves the others as they are.
    pub(super) records: BTreeMap<String, Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) damaged: Vec<DamagedRecord>,
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
    let bytes = match read_file(&path, MAX_BYTES) {
        Ok(Some(bytes)) if !bytes.is_empty() => bytes,
        Ok(_) => return Ok(Reading::Absent),
        Err(StoreError::Io { source, .. })
            if source.kind() == ErrorKind::FileTooLarge
                && paths.kind().is_at(&path).is_ok_and(|ours| !ours) =>
        {
            return Err(not_a_store(&path));
        }
        Err(error) => return Err(error),
    };
    // Only if it does not read as ours: is it no store, or of another version?
    if let Ok(container) = serde_json::from_slice::<Container>(&bytes)
        && container.format == FORMAT.name
        && (1..=VERSION).contains(&container.version)
    {
        let damaged = Reading::Damaged("the file asks for a key derivation out of bounds");
        return Ok(if container.seal.is_sound() { Reading::Found(container) } else { damaged });
    }
    if !mark::is_in(&bytes) {
        return Err(not_a_store(&path));
    }
    let head: Head = match serde_json::from_slice(&bytes) {
        Ok(head) => head,
        Err(error) if error.classify() == Category::Eof => {
            return Ok(Reading::Damaged("the file is cut off"));
        }
        Err(_) => return Ok(Reading::Damaged("the file is not in the form of a store")),
    };
    if head.version > u64::from(VERSION) {
        let found = u32::try_from(head.version).unwrap_or(u32::MAX);
        return Err(StoreError::Newer { found, supported: VERSION });
    }
    Ok(Reading::Damaged("the file is not in the form of its version"))
}

impl Container {
    pub(super) fn new(seal: Seal, keys: &RecordKeys) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: VERSION,
            seal,
            check: keys.check().to_owned(),
            table: None,
            records: BTreeMap::new(),
            damaged: Vec::new(),
        }
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

/// Reads a file; nothing if there is none. One of another user is refused.
fn read_file(path: &Path, most: u64) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    let read =
        trusted_file::open(path, Access::Read).and_then(|opened| atomic_replace::content(&opened, most));
    match read {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error("reading a file", path)(error)),
    }
}
