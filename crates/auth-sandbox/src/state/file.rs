//! The file that a state is kept in: whole or not at all, and for this user alone.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::StateError;

/// A file of one sandbox, which no other one can have at the same time.
pub(crate) struct StateFile {
    path: PathBuf,
    /// Holds the lock.
    _lock: File,
}

impl StateFile {
    /// Takes the file for this sandbox, by a lock on one beside it, which stays.
    pub(crate) fn take(path: &Path) -> Result<Self, StateError> {
        // What a link leads to is replaced, not the link.
        let path = match fs::canonicalize(path) {
            Ok(path) => path,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                std::path::absolute(path).map_err(StateError::Read)?
            }
            Err(error) => return Err(StateError::Read(error)),
        };
        let lock = lock_file(&beside(&path, "lock")).map_err(StateError::Write)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StateError::InUse),
            Err(TryLockError::Error(error)) => Err(StateError::Write(error)),
        }
    }

    /// What is in it; `None` if there is none.
    pub(crate) fn read(&self) -> Result<Option<String>, StateError> {
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StateError::Read(error)),
            Ok(found) if is_open(&found) => return Err(StateError::Open),
            Ok(_) => {}
        }
        fs::read_to_string(&self.path).map(Some).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => StateError::Unreadable { line: 0 },
            _ => StateError::Read(error),
        })
    }

    /// Puts the text in the place of what was there, on the disk when it returns.
    pub(crate) fn write(&self, text: &str) -> Result<(), StateError> {
        self.replace(text).map_err(StateError::Write)
    }

    fn replace(&self, text: &str) -> io::Result<()> {
        let part = beside(&self.path, "part");
        let mut file = new_file(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&part, &self.path)?;
        // The name too; where a folder cannot be synced the system does it in its own time.
        #[cfg(unix)]
        if let Some(folder) = self.path.parent() {
            let _later = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(end);
    path.with_file_name(name)
}

/// The file whose lock says that the state is taken. It is empty.
fn lock_file(path: &Path) -> io::Result<File> {
    private().create(true).truncate(false).open(path)
}

/// A new file for this user alone, in place of what a process that was killed left there; never one that somebody else has made.
fn new_file(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    private().create_new(true).open(path)
}

fn private() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn is_open(found: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open(_: &fs::Metadata) -> bool {
    false
}
