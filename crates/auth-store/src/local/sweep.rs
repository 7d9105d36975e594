//! Removing what processes that were killed have left: files that were being written, and lock files that nobody holds.

use super::{
    error::io_error,
    paths::StorePaths,
    process_lock,
    quarantine::{self, Leftover},
};
use auth_core::ports::StoreError;
use std::{fs, io, path::Path};

/// Sweeps once. Needs the store's lock, else it would take a write in progress for one that was cut off. What cannot be removed is
/// left for the next time: it does no harm.
pub(crate) fn sweep(paths: &StorePaths) {
    let swept = quarantine::leftovers(paths, Leftover::Write).and_then(|files| {
        files.iter().try_for_each(|path| remove(path))?;
        sweep_locks(paths)
    });
    if let Err(error) = swept {
        tracing::debug!(error = error.kind(), "what killed processes have left could not be swept");
    }
}

/// Whoever waits for one of these files sees that it is gone, and takes the next one.
#[cfg(unix)]
fn sweep_locks(paths: &StorePaths) -> Result<(), StoreError> {
    let Some(directory) = paths.found_lock_directory()? else { return Ok(()) };
    let entries = match fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io_error("listing the lock files", &directory)(error)),
    };
    for entry in entries {
        let entry = entry.map_err(io_error("listing the lock files", &directory))?;
        let path = entry.path();
        // One of ours is empty; what cannot be opened is none.
        if StorePaths::is_lock_file(&entry.file_name())
            && entry.metadata().is_ok_and(|found| found.is_file() && found.len() == 0)
            && let Ok(Some(_held)) = process_lock::try_hold_existing(&path)
        {
            remove(&path)?;
        }
    }
    Ok(())
}

/// A file that is open cannot be removed here.
#[cfg(not(unix))]
fn sweep_locks(_: &StorePaths) -> Result<(), StoreError> {
    Ok(())
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(io_error("sweeping its directory", path)(error))
        }
        _ => Ok(()),
    }
}
