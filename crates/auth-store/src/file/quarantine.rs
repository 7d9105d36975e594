//! Quarantine of damaged files, and wiping them at sign-out.

use super::{
    atomic_replace::{self, MARK},
    error::io_error,
    paths::{DAMAGED_SUFFIX, StorePaths},
};
use auth_core::ports::StoreError;
use std::{ffi::OsStr, fs, io, path::PathBuf};

/// Renames the store's file, keeping its bytes and those of earlier ones. Needs the store's lock.
pub(super) fn quarantine_file(paths: &StorePaths, cause: &'static str) -> Result<(), StoreError> {
    let aside = free_place(paths)?;
    let store = paths.store_file();
    fs::rename(&store, &aside).map_err(io_error("moving a damaged store"))?;
    atomic_replace::sync_directory(&store);
    make_private(&aside);
    tracing::warn!(path = %aside.display(), cause, "a damaged store was put into quarantine");
    Ok(())
}

/// True if there is something for [`wipe`] to do.
pub(super) fn has_quarantine(paths: &StorePaths) -> Result<bool, StoreError> {
    Ok(!leftovers(paths, Leftover::Any)?.is_empty())
}

/// Deletes the files in quarantine, and what interrupted writes left. Needs the store's lock, else it would
/// take a write in progress for an interrupted one.
pub(super) fn wipe(paths: &StorePaths) -> Result<(), StoreError> {
    for path in leftovers(paths, Leftover::Any)? {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(io_error("wiping the quarantine")(error));
            }
            _ => tracing::debug!(path = %path.display(), "wiped a file in quarantine"),
        }
    }
    Ok(())
}

fn free_place(paths: &StorePaths) -> Result<PathBuf, StoreError> {
    for n in 1..=u32::MAX {
        let place = paths.damaged_file(n);
        match fs::symlink_metadata(&place) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(place),
            Err(error) => return Err(io_error("moving a damaged store")(error)),
        }
    }
    Err(StoreError::Failed)
}

/// Which files beside the store are meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Leftover {
    /// Those in quarantine, and those that were being written.
    Any,
    /// Those that were being written.
    Write,
}

pub(super) fn leftovers(paths: &StorePaths, which: Leftover) -> Result<Vec<PathBuf>, StoreError> {
    let failed = io_error("listing its directory");
    let entries = match fs::read_dir(paths.directory()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(&failed)?;
        if is_leftover(paths.name(), &entry.file_name(), which)
            && entry.file_type().map_err(&failed)?.is_file()
        {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn is_leftover(store: &OsStr, name: &OsStr, which: Leftover) -> bool {
    let Some(rest) = name.as_encoded_bytes().strip_prefix(store.as_encoded_bytes()) else { return false };
    let number = rest.strip_prefix(DAMAGED_SUFFIX.as_bytes());
    let damaged = number.is_some_and(|n| !n.is_empty() && n.iter().all(u8::is_ascii_digit));
    let written = rest.strip_prefix(b".key").unwrap_or(rest).starts_with(MARK.as_bytes());
    (damaged && which == Leftover::Any) || written
}

/// Nobody else reads it from now on. It stays in quarantine all the same if that fails.
fn make_private(path: &std::path::Path) {
    #[cfg(unix)]
    if let Err(error) = fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)) {
        tracing::warn!(path = %path.display(), %error, "the mode of a file could not be tightened");
    }
    #[cfg(not(unix))]
    let _ = path;
}
