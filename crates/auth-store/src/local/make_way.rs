//! A store whose key is lost makes way for a new one. It is kept, under another name.

use super::{atomic_replace, error::io_error, paths::StorePaths};
use auth_core::{ports::StoreError, visible};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Moves the store aside if it cannot be opened, and with it a key file that is there and cannot be read; `opened` is what came of opening
/// it, or of looking for a key where no store is. Gives the place where it is kept; nothing if nothing is in the way of a new sign-in.
/// Needs the store's lock.
pub(crate) fn make_way(
    paths: &StorePaths,
    opened: Result<(), StoreError>,
    has_store: bool,
) -> Result<Option<PathBuf>, StoreError> {
    let takes_key = match opened {
        Ok(()) => return Ok(None),
        Err(StoreError::KeyMissing { source, .. }) => source.kind() != io::ErrorKind::NotFound,
        Err(StoreError::WrongKey) => false,
        Err(error) => return Err(error),
    };
    let kept = free_place(paths)?;
    // The key first: without it the store is found in the same state as before if this ends in between.
    if takes_key {
        rename(&paths.key_file(), &kept.key_file())?;
    }
    if has_store {
        rename_with_companions(paths, &paths.store_file(), &kept.store_file())?;
    }
    let place = if has_store { kept.store_file() } else { kept.key_file() };
    tracing::warn!(path = %visible(&place.to_string_lossy()), "a store that does not open was set aside");
    Ok(Some(place))
}

/// Renames a store's file, and what goes where it goes.
pub(crate) fn rename_with_companions(paths: &StorePaths, from: &Path, to: &Path) -> Result<(), StoreError> {
    for (from, to) in paths.companions_of(from).into_iter().zip(paths.companions_of(to)) {
        match fs::rename(&from, &to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(io_error("setting a store aside", &from)(error));
            }
            _ => {}
        }
    }
    rename(from, to)
}

fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(io_error("setting a store aside", from))?;
    atomic_replace::sync_directory(from);
    Ok(())
}

/// The first number that neither a store nor a key file has.
fn free_place(paths: &StorePaths) -> Result<StorePaths, StoreError> {
    let is_free = |path: &Path| match fs::symlink_metadata(path) {
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(io_error("setting a store aside", path)(error)),
    };
    for n in 1..=u32::MAX {
        let kept = paths.kept(n);
        if is_free(&kept.store_file())? && is_free(&kept.key_file())? {
            return Ok(kept);
        }
    }
    Err(StoreError::failed())
}
