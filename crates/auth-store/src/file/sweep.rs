//! Removing what processes that were killed have left: files that were being written, and lock files that nobody holds.

use super::{
    error::io_error,
    paths::StorePaths,
    process_lock,
    quarantine::{self, Leftover},
};
use auth_core::ports::StoreError;
use std::{fs, io};

/// Sweeps once. Needs the store's lock, else it would take a write in progress for one that was cut off. What cannot be removed is
/// left for the next time: it does no harm.
pub(super) fn sweep(paths: &StorePaths) {
    let swept = quarantine::leftovers(paths, Leftover::Write).and_then(|files| {
        files.iter().try_for_each(|path| remove(fs::remove_file(path)))?;
        sweep_locks(paths)
    });
    if let Err(error) = swept {
        tracing::debug!(error = error.kind(), "what killed processes have left could not be swept");
    }
}

/// Whoever waits for one of these files sees that it is gone, and takes the next one.
#[cfg(unix)]
fn sweep_locks(paths: &StorePaths) -> Result<(), StoreError> {
    let entries = match fs::read_dir(paths.lock_directory()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io_error("listing the lock files")(error)),
    };
    for entry in entries {
        let path = entry.map_err(io_error("listing the lock files"))?.path();
        if StorePaths::is_lock_file(&path)
            && let Some(_held) = process_lock::try_hold_existing(&path)?
        {
            remove(fs::remove_file(&path))?;
        }
    }
    Ok(())
}

/// A file that is open cannot be removed here.
#[cfg(not(unix))]
fn sweep_locks(_: &StorePaths) -> Result<(), StoreError> {
    Ok(())
}

fn remove(done: io::Result<()>) -> Result<(), StoreError> {
    match done {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(io_error("sweeping its directory")(error))
        }
        _ => Ok(()),
    }
}
