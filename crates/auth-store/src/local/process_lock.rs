//! Locks between processes, held through a file. The system gives them back when the holder dies.
//! What a lock is held for is the caller's: a refresh, in `auth-client`'s `session/refresh_lock.rs`.

use super::{atomic_replace, error::io_error, worker::Worker};
use crate::trusted_file::{self, Access};
use auth_core::ports::StoreError;
use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::sleep;

/// How often a lock that is held is asked for again.
pub(crate) const PAUSE: Duration = Duration::from_millis(15);

/// A lock that is held until this is dropped: closing the file gives it back.
pub(crate) struct HeldLock {
    #[cfg_attr(not(unix), allow(dead_code, reason = "an open file cannot be removed here"))]
    file: File,
    /// The file, if it is removed at the end.
    passing: Option<PathBuf>,
}

impl HeldLock {
    /// Removes its file at the end: a folder with a file for everybody who was ever there would only grow.
    pub(crate) fn passing(mut self, path: PathBuf) -> Self {
        self.passing = Some(path);
        self
    }
}

#[cfg(unix)]
impl HeldLock {
    /// False if another file lies there by now, or if it is one with content: ours have none.
    fn is_ours(&self, path: &Path) -> io::Result<bool> {
        Ok(self.file.metadata()?.len() == 0 && lies_at(&self.file, path)?)
    }
}

/// Whoever waits for the file that goes sees that it is gone, and takes the next one.
#[cfg(unix)]
impl Drop for HeldLock {
    fn drop(&mut self) {
        if let Some(path) = self.passing.take().filter(|path| self.is_ours(path).unwrap_or(false)) {
            let _swept_later = std::fs::remove_file(path);
        }
    }
}

/// Where a lock's file is, or is to be.
#[derive(Clone, Debug)]
pub(crate) struct LockFile {
    pub(crate) path: PathBuf,
    /// The store that it belongs to.
    pub(crate) store: PathBuf,
}

/// Waits for the lock; nothing if it was not free in this time. Time in which the process stood still does not count: what is
/// counted are the pauses. The directory must be there.
pub(crate) async fn wait(
    worker: Worker,
    lock: LockFile,
    limit: Duration,
) -> Result<Option<HeldLock>, StoreError> {
    let mut waited = Duration::ZERO;
    loop {
        if let Some(held) = attempt(worker, lock.clone()).await? {
            return Ok(Some(held));
        }
        if waited >= limit {
            return Ok(None);
        }
        sleep(PAUSE).await;
        waited += PAUSE;
    }
}

/// Takes the lock if it is free. The directory must be there.
pub(crate) async fn attempt(worker: Worker, lock: LockFile) -> Result<Option<HeldLock>, StoreError> {
    worker.run(move || try_hold(&lock)).await
}

/// So often a lock file may be swept between opening and locking it.
const MAX_SWEPT: u32 = 8;

/// Takes the lock if it is free. The directory must be there.
pub(crate) fn try_hold(lock: &LockFile) -> Result<Option<HeldLock>, StoreError> {
    let path = lock.path.as_path();
    for _ in 0..MAX_SWEPT {
        let file = match open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let made = atomic_replace::create_empty(path, &lock.store);
                let made = made.map_err(io_error("making a lock file", path))?;
                let Some(made) = made else { continue };
                made
            }
            file => file.map_err(io_error("opening a lock file", path))?,
        };
        match hold(file, path)? {
            Attempt::Held(held) => return Ok(Some(held)),
            Attempt::Busy => return Ok(None),
            Attempt::Swept => {}
        }
    }
    Ok(None)
}

/// The same for a file that is there; nothing if it is not.
#[cfg(unix)]
pub(crate) fn try_hold_existing(path: &Path) -> Result<Option<HeldLock>, StoreError> {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io_error("opening a lock file", path)(error)),
    };
    match hold(file, path)? {
        Attempt::Held(held) => Ok(Some(held)),
        Attempt::Busy | Attempt::Swept => Ok(None),
    }
}

/// A lock that another user put there would be theirs to hold for ever, and a link would lead to a file that is none of ours.
fn open(path: &Path) -> io::Result<File> {
    trusted_file::open_in_place(path, Access::Write).map(|opened| opened.file)
}

enum Attempt {
    Held(HeldLock),
    Busy,
    /// The file was removed before it was locked: another one has to be taken.
    Swept,
}

fn hold(file: File, path: &Path) -> Result<Attempt, StoreError> {
    match file.try_lock() {
        Ok(()) if lies_at(&file, path).map_err(io_error("checking a lock file", path))? => {
            Ok(Attempt::Held(HeldLock { file, passing: None }))
        }
        Ok(()) => Ok(Attempt::Swept),
        Err(TryLockError::WouldBlock) => Ok(Attempt::Busy),
        Err(TryLockError::Error(error)) => Err(io_error("locking", path)(error)),
    }
}

/// False if the file was deleted or replaced between opening and locking: others would lock another one.
#[cfg(unix)]
fn lies_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (ours, there) = (file.metadata()?, std::fs::symlink_metadata(path));
    match there {
        Ok(there) => Ok(ours.dev() == there.dev() && ours.ino() == there.ino()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// An open file cannot be deleted here.
#[cfg(not(unix))]
fn lies_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_that_was_deleted_or_replaced_is_no_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let file = File::create(&path).unwrap();
        assert!(lies_at(&file, &path).unwrap());
        fs::remove_file(&path).unwrap();
        assert!(!lies_at(&file, &path).unwrap());
        File::create(&path).unwrap();
        assert!(!lies_at(&file, &path).unwrap());
    }
}
