//! Replacing a file wholly or not at all: written beside it, synced, renamed.

use super::{error::io_error, ownership};
use crate::trusted_file::Opened;
use auth_core::{ports::StoreError, visible};
use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read, Write},
    path::Path,
};
use tempfile::{Builder, NamedTempFile};
use zeroize::Zeroizing;

/// Between a file's name and the random part of the name it is written under.
const MARK: &str = ".writing-";
/// How long that part is.
const RANDOM_LETTERS: usize = 6;

/// True for what stands behind a file's name while it is written.
pub(crate) fn is_random_part(text: &[u8]) -> bool {
    let random = text.strip_prefix(MARK.as_bytes());
    random
        .is_some_and(|random| random.len() == RANDOM_LETTERS && random.iter().all(u8::is_ascii_alphanumeric))
}

/// The content of a file that is open.
pub(crate) fn content(Opened { file, found }: &Opened, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all of it at once, so that no outgrown buffer stays behind.
    let room = usize::try_from(found.len().min(most)).unwrap_or(0) + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Puts the bytes in the place of what lies there, whose owner, group and mode stay. The directory must be there.
///
/// # Errors
/// If they cannot stay, nothing is replaced.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let written = write_beside(path, bytes, |file| ownership::keep(file, path))
        .map_err(io_error("writing a file", path))?;
    written.persist(path).map_err(|error| io_error("replacing a file", path)(error.error))?;
    sync_directory(path);
    Ok(())
}

/// Whether a file could be [replaced](replace). Nothing is changed.
pub(crate) fn try_to_replace(path: &Path) -> Result<(), StoreError> {
    write_beside(path, &[], |file| ownership::keep(file, path))
        .map(drop)
        .map_err(io_error("writing a file", path))
}

/// Writes a file that belongs to a store where none lies; one that lies there stays as it is, and that is an error.
pub(crate) fn create(path: &Path, bytes: &[u8], store: &Path) -> Result<(), StoreError> {
    let written = write_beside(path, bytes, |file| ownership::of_store(file, store))
        .map_err(io_error("writing a file", path))?;
    written.persist_noclobber(path).map_err(|error| io_error("creating a file", path)(error.error))?;
    sync_directory(path);
    Ok(())
}

/// Makes an empty file that belongs to a store, and opens it; nothing if there is one by now, or it was swept. It is there with its owner and mode
/// or not at all.
pub(crate) fn create_empty(path: &Path, store: &Path) -> io::Result<Option<File>> {
    let file = begin_beside(path)?;
    ownership::of_store(file.as_file(), store)?;
    match file.persist_noclobber(path) {
        Ok(file) => Ok(Some(file)),
        // Somebody else was first, or took it for what a killed process has left.
        Err(error)
            if matches!(error.error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound) =>
        {
            Ok(None)
        }
        Err(error) => Err(error.error),
    }
}

fn write_beside(
    path: &Path,
    bytes: &[u8],
    dress: impl FnOnce(&File) -> io::Result<()>,
) -> io::Result<NamedTempFile> {
    let mut file = begin_beside(path)?;
    // Before the content: nobody else reads it, and what may not be written is found out first.
    dress(file.as_file())?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn begin_beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut name = path.file_name().unwrap_or(OsStr::new("store")).to_owned();
    name.push(MARK);
    let mut builder = Builder::new();
    builder.prefix(&name).rand_bytes(RANDOM_LETTERS);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    builder.tempfile_in(path.parent().unwrap_or(Path::new(".")))
}

/// What a new file beside this one, made private, looks like. It is gone again.
#[cfg(unix)]
pub(super) fn private_one_beside(path: &Path) -> Option<std::fs::Metadata> {
    begin_beside(path).ok()?.as_file().metadata().ok()
}

/// Makes the directory's change outlive a power cut. The change is in force already, so a file system that cannot
/// do this is no reason to say that the write failed.
pub(crate) fn sync_directory(changed: &Path) {
    #[cfg(unix)]
    if let Err(error) = changed.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all()) {
        tracing::warn!(path = %visible(&changed.to_string_lossy()), %error, "a directory could not be synced");
    }
    #[cfg(not(unix))]
    let _ = changed;
}
