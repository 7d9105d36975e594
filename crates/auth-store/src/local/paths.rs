//! Where the store's file lies, and the names of what belongs to it.

use super::{
    atomic_replace,
    error::io_error,
    kind::StoreKind,
    ownership,
    process_lock::{self, HeldLock, LockFile},
};
use crate::{
    sealing::{hex, place},
    trusted_file,
};
use auth_core::ports::{RecordKey, StoreError};
use blake2::{Blake2b, Digest, digest::consts::U16};
use std::{
    ffi::{OsStr, OsString},
    io,
    path::{Path, PathBuf},
};

/// Between the store's name and the number of a damaged file in quarantine.
pub(crate) const DAMAGED_SUFFIX: &str = ".damaged-";
/// Between the store's name and the number of a store that was set aside.
const KEPT_SUFFIX: &str = ".kept-";
/// The end of the name of a key file's successor.
pub(crate) const NEXT_KEY_SUFFIX: &str = ".key.next";
/// The end of a lock file's name.
const LOCK_SUFFIX: &str = ".lease";

/// A store's file after links were followed, so that all ways to it meet at the same locks.
#[derive(Clone)]
pub(crate) struct StorePaths {
    directory: PathBuf,
    name: OsString,
    kind: &'static StoreKind,
}

impl StorePaths {
    pub(crate) fn resolve(path: &Path, kind: &'static StoreKind) -> Result<Self, StoreError> {
        let follow = |path: &Path| trusted_file::follow(path).map_err(io_error("finding its file", path));
        let (mut path, found) = follow(path)?;
        if found.is_some_and(|found| found.is_dir()) {
            (path, _) = follow(&path.join(kind.default_name))?;
        }
        let name = path.file_name().ok_or_else(|| {
            io_error("finding its file", &path)(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the path names no file",
            ))
        })?;
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        Ok(Self { directory, name: name.to_owned(), kind })
    }

    pub(crate) fn kind(&self) -> &'static StoreKind {
        self.kind
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(crate) fn name(&self) -> &OsStr {
        &self.name
    }

    pub(crate) fn store_file(&self) -> PathBuf {
        self.directory.join(&self.name)
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.beside(".key")
    }

    /// Where the key lies that a store is being sealed with anew.
    pub(crate) fn next_key_file(&self) -> PathBuf {
        self.beside(NEXT_KEY_SUFFIX)
    }

    pub(crate) fn lock_file(&self) -> PathBuf {
        self.beside(".lock")
    }

    pub(crate) fn damaged_file(&self, n: u32) -> PathBuf {
        self.beside(&format!("{DAMAGED_SUFFIX}{n}"))
    }

    /// The files that go where a file of this store goes.
    pub(crate) fn companions_of(&self, path: &Path) -> Vec<PathBuf> {
        let with = |end: &&str| {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        self.kind.companions.iter().map(with).collect()
    }

    /// Where a store goes whose key is lost; it is a store with a key file of its own there.
    pub(crate) fn kept(&self, n: u32) -> Self {
        let mut name = self.name.clone();
        name.push(format!("{KEPT_SUFFIX}{n}"));
        Self { directory: self.directory.clone(), name, kind: self.kind }
    }

    /// Takes the store's lock if it is free, in a directory that is made if it is not there. Nothing is made beside another
    /// program's file.
    pub(crate) fn hold(&self) -> Result<Option<HeldLock>, StoreError> {
        if std::fs::symlink_metadata(self.lock_file()).is_err() {
            self.kind.check(&self.store_file())?;
        }
        let lock = LockFile { path: self.lock_file(), store: self.store_file() };
        match process_lock::try_hold(&lock) {
            Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                self.make_private(&self.directory)?;
                process_lock::try_hold(&lock)
            }
            held => held,
        }
    }

    /// The lock's file, in a directory that is there. The file goes when the lock is given back, or is swept later: whoever
    /// removes one has to hold it, and whoever takes one checks that it is still there.
    pub(crate) fn record_lock_file(&self, key: &RecordKey) -> Result<LockFile, StoreError> {
        let directory = match self.found_lock_directory()? {
            Some(directory) => directory,
            None => {
                self.kind.check(&self.store_file())?;
                let (directory, _) = self.follow_to_lock_directory()?;
                self.make_private(&directory)?;
                directory
            }
        };
        let path = directory.join(self.record_lock_name(key) + LOCK_SUFFIX);
        Ok(LockFile { path, store: self.store_file() })
    }

    /// The directory of the records' locks; nothing if there is none. One of another user, who could take locks away, is refused.
    pub(crate) fn found_lock_directory(&self) -> Result<Option<PathBuf>, StoreError> {
        let (directory, found) = self.follow_to_lock_directory()?;
        if found.is_none() {
            return Ok(None);
        }
        let opened = trusted_file::open_directory(&directory);
        let checked = opened.and_then(|opened| trusted_file::check_owner(&opened.found, &self.directory));
        match checked {
            Ok(()) => Ok(Some(directory)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error("opening its directory", &directory)(error)),
        }
    }

    fn follow_to_lock_directory(&self) -> Result<(PathBuf, Option<std::fs::Metadata>), StoreError> {
        let directory = self.beside(".locks");
        trusted_file::follow(&directory).map_err(io_error("opening its directory", &directory))
    }

    /// True for a name that [`record_lock_file`](Self::record_lock_file) gives, and for one that is just being made.
    pub(crate) fn is_lock_file(name: &OsStr) -> bool {
        let is_hash = |text: &[u8]| text.iter().all(u8::is_ascii_hexdigit);
        let parts = name.as_encoded_bytes().split_at_checked(32);
        parts.is_some_and(|(hash, rest)| {
            let end = rest.strip_prefix(LOCK_SUFFIX.as_bytes());
            is_hash(hash) && end.is_some_and(|end| end.is_empty() || atomic_replace::is_random_part(end))
        })
    }

    fn make_private(&self, directory: &Path) -> Result<(), StoreError> {
        let made = ownership::make_private_directory(directory, &self.store_file());
        made.map_err(io_error("making its directory", directory))
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = self.name.clone();
        name.push(suffix);
        self.directory.join(name)
    }

    /// What a record's lock file is called. It must be known before there is a key, so it is a plain hash: it hides a name
    /// from whoever lists the directory, not from whoever guesses it.
    fn record_lock_name(&self, key: &RecordKey) -> String {
        hex(&Blake2b::<U16>::digest(place(self.kind.format, key)))
    }
}
