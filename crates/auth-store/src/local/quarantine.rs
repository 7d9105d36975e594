//! Quarantine of damaged files, and wiping them at sign-out. A file without the format's mark is another program's, whatever
//! it is called.

use super::{
    atomic_replace,
    error::io_error,
    make_way::rename_with_companions,
    paths::{DAMAGED_SUFFIX, NEXT_KEY_SUFFIX, StorePaths},
};
use crate::trusted_file::{self, Access};
use auth_core::{ports::StoreError, visible};
use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

/// How long a key file is: 32 bytes in base64, and the end of the line.
const KEY_FILE_BYTES: usize = 45;
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

/// Renames the store's file, keeping its bytes and those of earlier ones. Needs the store's lock.
pub(crate) fn quarantine_file(paths: &StorePaths, cause: &'static str) -> Result<(), StoreError> {
    let aside = free_place(paths)?;
    let store = paths.store_file();
    let mut renamed = Ok(());
    let looked = paths.kind().look_at(&store, |opened| {
        renamed = rename_with_companions(paths, &store, &aside);
        if renamed.is_ok() {
            make_private(&opened.file, &aside);
        }
        Ok(())
    });
    looked.map_err(io_error("moving a damaged store", &store))?;
    renamed?;
    tracing::warn!(path = %visible(&aside.to_string_lossy()), cause, "a damaged store was put into quarantine");
    Ok(())
}

/// True if there is something for [`wipe`] to do.
pub(crate) fn has_quarantine(paths: &StorePaths) -> Result<bool, StoreError> {
    Ok(!leftovers(paths, Leftover::Any)?.is_empty())
}

/// Deletes the files in quarantine, and what interrupted writes left. Needs the store's lock, else it would
/// take a write in progress for an interrupted one.
pub(crate) fn wipe(paths: &StorePaths) -> Result<(), StoreError> {
    for path in leftovers(paths, Leftover::Any)? {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(io_error("wiping the quarantine", &path)(error));
            }
            _ => tracing::debug!(path = %visible(&path.to_string_lossy()), "wiped a file in quarantine"),
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
            Err(error) => return Err(io_error("moving a damaged store", &place)(error)),
        }
    }
    Err(StoreError::failed())
}

/// Which files beside the store are meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leftover {
    /// Those in quarantine, and those that were being written.
    Any,
    /// Those that were being written.
    Write,
}

pub(crate) fn leftovers(paths: &StorePaths, which: Leftover) -> Result<Vec<PathBuf>, StoreError> {
    let failed = io_error("listing its directory", paths.directory());
    let entries = match fs::read_dir(paths.directory()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(&failed)?;
        let Some(kind) = kind_of(paths.name(), &entry.file_name()) else { continue };
        if (kind == Kind::Damaged && which == Leftover::Write)
            || !entry.file_type().map_err(&failed)?.is_file()
        {
            continue;
        }
        let path = entry.path();
        // One that cannot be read is left alone: whose it is cannot be told.
        if is_ours(paths, &path, kind).unwrap_or(false) {
            // First: without the file itself nobody could tell whose they are.
            if kind == Kind::Damaged {
                found.extend(paths.companions_of(&path).into_iter().filter(|path| path.exists()));
            }
            found.push(path);
        }
    }
    Ok(found)
}

/// What a file beside the store is by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Damaged,
    Store,
    Key,
    Lock,
}

fn kind_of(store: &OsStr, name: &OsStr) -> Option<Kind> {
    let rest = name.as_encoded_bytes().strip_prefix(store.as_encoded_bytes())?;
    if let Some(number) = rest.strip_prefix(DAMAGED_SUFFIX.as_bytes()) {
        return (!number.is_empty() && number.iter().all(u8::is_ascii_digit)).then_some(Kind::Damaged);
    }
    let key = rest.strip_prefix(NEXT_KEY_SUFFIX.as_bytes()).or_else(|| rest.strip_prefix(b".key"));
    let (kind, rest) = match (key, rest.strip_prefix(b".lock")) {
        (Some(rest), _) => (Kind::Key, rest),
        (None, Some(rest)) => (Kind::Lock, rest),
        (None, None) => (Kind::Store, rest),
    };
    atomic_replace::is_random_part(rest).then_some(kind)
}

/// Whether the content is what the name says.
fn is_ours(paths: &StorePaths, path: &Path, kind: Kind) -> io::Result<bool> {
    match kind {
        Kind::Damaged => paths.kind().is_at(path),
        Kind::Lock => Ok(open(path)?.metadata()?.len() == 0),
        Kind::Store => Ok((paths.kind().may_begin)(&head(path)?)),
        Kind::Key => {
            let head = head(path)?;
            Ok(head.len() <= KEY_FILE_BYTES && head.trim_ascii().iter().all(|b| BASE64.contains(b)))
        }
    }
}

/// The first bytes of a file that was being written.
fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(256).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn open(path: &Path) -> io::Result<File> {
    trusted_file::open_in_place(path, Access::Read).map(|opened| opened.file)
}

/// Nobody else reads it from now on. It stays in quarantine all the same if that fails.
fn make_private(file: &File, path: &Path) {
    #[cfg(unix)]
    if let Err(error) = file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600)) {
        tracing::warn!(path = %visible(&path.to_string_lossy()), %error, "the mode of a file could not be tightened");
    }
    #[cfg(not(unix))]
    let _ = (file, path);
}
