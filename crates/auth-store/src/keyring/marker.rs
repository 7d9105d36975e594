//! The file that says that the keyring has the store. Without it nobody could tell a keyring that never had one from a service that was
//! started anew without its entries, and everybody would seem to be signed out.

use super::root;
use crate::{
    local::{
        atomic_replace,
        error::{io_error, not_a_store},
        kind::StoreKind,
        paths::StorePaths,
    },
    trusted_file::{self, Access, Opened},
};
use auth_core::ports::StoreError;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{self, Read},
};

const NAME: &str = "b2auth-keyring-marker";
const VERSION: u32 = 1;
const MAX_BYTES: u64 = 4096;

/// The marker as a file of this machine's disk, with locks beside it.
pub(super) const KIND: StoreKind = StoreKind {
    default_name: "b2auth.keyring",
    format: root::FORMAT,
    companions: &[],
    look: |path, look| look(&trusted_file::open_in_place(path, Access::Read)?),
    is_marked,
    may_begin: |bytes| beginning().as_bytes().starts_with(bytes) || bytes.starts_with(beginning().as_bytes()),
};

/// What is known of the keyring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Marker {
    format: String,
    version: u32,
    /// The store's id, which its root has too.
    pub(super) id: String,
    /// False while the root is written for the first time.
    pub(super) is_kept: bool,
}

impl Marker {
    /// That a store is about to be written, or is.
    pub(super) fn new(id: &str, is_kept: bool) -> Self {
        Self { format: NAME.to_owned(), version: VERSION, id: id.to_owned(), is_kept }
    }

    /// The marker; nothing if there is none, or an empty file.
    pub(super) fn read(paths: &StorePaths) -> Result<Option<Self>, StoreError> {
        let path = paths.store_file();
        let opened = trusted_file::open(&path, Access::Read);
        let bytes = match opened.and_then(|opened| atomic_replace::content(&opened, MAX_BYTES)) {
            Ok(bytes) if bytes.is_empty() => return Ok(None),
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => return Err(not_a_store(&path)),
            Err(error) => return Err(io_error("reading a file", &path)(error)),
        };
        let marker: Self = serde_json::from_slice(&bytes).map_err(|_| not_a_store(&path))?;
        match marker.version {
            _ if marker.format != NAME => Err(not_a_store(&path)),
            VERSION => Ok(Some(marker)),
            found => Err(StoreError::Newer { found, supported: VERSION }),
        }
    }

    /// Writes it. Needs the store's lock.
    pub(super) fn write(&self, paths: &StorePaths) -> Result<(), StoreError> {
        let bytes = serde_json::to_vec(self).map_err(|_| StoreError::failed())?;
        atomic_replace::replace(&paths.store_file(), &bytes)
    }
}

/// Removes the marker: there is no store any more. Needs the store's lock.
pub(super) fn remove(paths: &StorePaths) -> Result<(), StoreError> {
    let path = paths.store_file();
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(io_error("removing a file", &path)(error))
        }
        _ => {
            atomic_replace::sync_directory(&path);
            Ok(())
        }
    }
}

fn beginning() -> String {
    format!(r#"{{"format":"{NAME}""#)
}

fn is_marked(Opened { file, .. }: &Opened) -> io::Result<bool> {
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes.starts_with(beginning().as_bytes()))
}
