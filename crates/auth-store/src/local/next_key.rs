//! A key file and its successor while a store is sealed anew: two files cannot be replaced in one step.
//!
//! 1. The new key is written to `<path>.key.next`. Until the store is replaced it is nobody's.
//! 2. The store is replaced by one that is sealed with it. From now on the key of the store is there.
//! 3. The successor takes the place of `<path>.key`.
//!
//! A process that is killed between 2 and 3 leaves a store that opens with the successor; whoever changes it next takes step 3.

use super::{
    atomic_replace,
    error::io_error,
    key_file::{create_at, read_at, text_at},
    paths::StorePaths,
    record_keys::RecordKeys,
};
use crate::trusted_file;
use auth_core::ports::StoreError;
use std::{fs, io, path::Path, sync::Arc};

/// Step 1, where step 3 can be done. `check` is that of the store as it is now. One that an earlier attempt has left, and the store is not
/// sealed with, was never in use. Needs the store's lock.
pub(super) fn write(paths: &StorePaths, check: &str) -> Result<Arc<RecordKeys>, StoreError> {
    settle(paths, check)?;
    let key = paths.key_file();
    let (key, _) = trusted_file::follow(&key).map_err(io_error("writing a file", &key))?;
    atomic_replace::try_to_replace(&key)?;
    remove(&paths.next_key_file())?;
    create_at(&paths.next_key_file(), paths)
}

pub(super) fn is_there(paths: &StorePaths) -> bool {
    fs::symlink_metadata(paths.next_key_file()).is_ok()
}

/// Step 3 where it is still to be done. Needs the store's lock.
pub(super) fn settle(paths: &StorePaths, check: &str) -> Result<(), StoreError> {
    let is_in_place = read_at(paths.key_file())?.is_some_and(|keys| keys.check() == check);
    if !is_in_place && open(paths, check)?.is_some() { take_over(paths) } else { Ok(()) }
}

/// The successor, if that is the key with this check.
pub(super) fn open(paths: &StorePaths, check: &str) -> Result<Option<Arc<RecordKeys>>, StoreError> {
    Ok(read_at(paths.next_key_file())?.filter(|keys| keys.check() == check))
}

/// Step 3. Needs the store's lock, and a store that is sealed with the successor.
pub(super) fn take_over(paths: &StorePaths) -> Result<(), StoreError> {
    let (next, key) = (paths.next_key_file(), paths.key_file());
    let text = text_at(&next).map_err(io_error("reading a file", &next))?;
    let (key, found) = trusted_file::follow(&key).map_err(io_error("writing a file", &key))?;
    if found.is_some() {
        atomic_replace::replace(&key, &text)?;
    } else {
        atomic_replace::create(&key, &text, &paths.store_file())?;
    }
    remove(&next)
}

/// Removes the key file and a successor: the store has a passphrase now. Needs the store's lock.
pub(super) fn drop_both(paths: &StorePaths) -> Result<(), StoreError> {
    remove(&paths.key_file())?;
    remove(&paths.next_key_file())
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(io_error("removing a file", path)(error))
        }
        _ => Ok(()),
    }
}
