//! The files that SQLite has beside a database: the write-ahead log, its index, and the journal of a database without such a log. SQLite
//! believes what is in them, so they are looked at first.

use crate::{
    local::{
        error::{io_error, not_a_store},
        paths::StorePaths,
    },
    trusted_file,
};
use auth_core::ports::StoreError;
use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::Path,
};

pub(super) const ENDS: [&str; 3] = ["-wal", "-shm", "-journal"];
/// How each of them begins, in the order of their ends: the log in two byte orders of its checksums, its index with its version.
const BEGINNINGS: [&[&[u8]]; 3] = [
    &[&[0x37, 0x7f, 0x06, 0x82], &[0x37, 0x7f, 0x06, 0x83]],
    &[&3_007_000_u32.to_ne_bytes(), &[0; 4]],
    &[&[0xd9, 0xd5, 0x05, 0xf9], &[0; 4]],
];

/// Refuses what another user has put there.
///
/// # Errors
/// [`StoreError::Io`] with the file that is in the way.
pub(super) fn check(paths: &StorePaths) -> Result<(), StoreError> {
    for path in paths.companions_of(&paths.store_file()) {
        let failed = io_error("opening its database", &path);
        match fs::symlink_metadata(&path) {
            Ok(found) if !found.is_file() => return Err(failed(trusted_file::no_file())),
            Ok(found) => trusted_file::check_owner(&found, paths.directory()).map_err(failed)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(())
}

/// Removes what a database that is gone has left: a new one would take the log for its own. Needs the store's lock.
///
/// # Errors
/// [`StoreError::NotAStore`] if one is none of SQLite's.
pub(super) fn clear(paths: &StorePaths) -> Result<(), StoreError> {
    check(paths)?;
    for (path, beginnings) in paths.companions_of(&paths.store_file()).into_iter().zip(BEGINNINGS) {
        let failed = io_error("making a database", &path);
        match begins_with(&path, beginnings) {
            Ok(true) => fs::remove_file(&path).map_err(failed)?,
            Ok(false) => return Err(not_a_store(&path)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(())
}

fn begins_with(path: &Path, beginnings: &[&[u8]]) -> io::Result<bool> {
    let mut bytes = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut bytes)?;
    Ok(bytes.is_empty() || beginnings.contains(&bytes.as_slice()))
}
