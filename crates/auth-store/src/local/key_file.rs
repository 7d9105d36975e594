//! The key file: 32 random bytes in base64, beside the store. It is read once, and again when it may have changed.

#[cfg(unix)]
use super::without_modes;
use super::{
    atomic_replace,
    error::{io_error, not_a_store},
    file_version::FileVersion,
    paths::StorePaths,
    record_keys::RecordKeys,
};
use crate::{
    sealing::random,
    trusted_file::{self, Access, Opened},
};
use auth_core::{ports::StoreError, visible};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};
use zeroize::Zeroizing;

/// 32 bytes in base64 take 44 letters; anything much longer is something else.
const MAX_KEY_FILE_BYTES: u64 = 4096;

/// A key file, and the keys that were last read from it.
#[derive(Default)]
pub(crate) struct KeyFile {
    cached: Mutex<Option<(FileVersion, Arc<RecordKeys>)>>,
}

impl KeyFile {
    /// The keys in the file now; nothing if there is no file, or an empty one.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`] if the file holds something else, [`StoreError::KeyMissing`] if we may not read it, or if somebody else
    /// may have written it.
    pub(crate) fn keys(&self, paths: &StorePaths) -> Result<Option<Arc<RecordKeys>>, StoreError> {
        self.keys_at(paths, SystemTime::now())
    }

    fn keys_at(&self, paths: &StorePaths, now: SystemTime) -> Result<Option<Arc<RecordKeys>>, StoreError> {
        let mut cached = self.cached();
        if let Some((of, keys)) = &*cached
            && FileVersion::at(&paths.key_file()).as_ref() == Some(of)
        {
            return Ok(Some(Arc::clone(keys)));
        }
        *cached = None;
        let Some((version, keys)) = read(paths.key_file())? else { return Ok(None) };
        *cached = version.filter(|version| version.is_settled(now)).zip(Some(Arc::clone(&keys)));
        Ok(Some(keys))
    }

    /// Like [`keys`](Self::keys), but reads the file in any case.
    pub(crate) fn read(&self, paths: &StorePaths) -> Result<Option<Arc<RecordKeys>>, StoreError> {
        read_at(paths.key_file())
    }

    /// Writes a new random key, where no file is, or an empty one.
    pub(crate) fn create(&self, paths: &StorePaths) -> Result<Arc<RecordKeys>, StoreError> {
        create_at(&paths.key_file(), paths)
    }

    /// Makes the file private if all others can use it; a group that was let in on purpose stays. To be called after [`keys`](Self::keys).
    pub(crate) fn tighten(&self, paths: &StorePaths) {
        if self.cached().as_ref().is_some_and(|(version, _)| version.is_private()) {
            return;
        }
        #[cfg(unix)]
        if let Ok(opened) = open(&paths.key_file()) {
            use std::os::unix::fs::PermissionsExt;
            if opened.found.permissions().mode() & 0o007 != 0 {
                // Where there are no modes it is done without an error and without effect.
                let done = opened.file.set_permissions(PermissionsExt::from_mode(0o600)).is_ok()
                    && opened.file.metadata().is_ok_and(|now| now.permissions().mode() & 0o007 == 0);
                let path = paths.key_file();
                tracing::warn!(path = %visible(&path.to_string_lossy()), tightened = done, "others could read the key file");
            }
        }
        #[cfg(not(unix))]
        let _ = paths;
    }

    fn cached(&self) -> MutexGuard<'_, Option<(FileVersion, Arc<RecordKeys>)>> {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a new random key of this store, where no file is, or an empty one.
pub(super) fn create_at(path: &Path, paths: &StorePaths) -> Result<Arc<RecordKeys>, StoreError> {
    let key = random::<32>()?;
    let mut text = Zeroizing::new([0; 45]);
    let length = BASE64.encode_slice(*key, &mut *text).map_err(|_| StoreError::failed())?;
    text[length] = b'\n';
    let (path, found) = trusted_file::follow(path).map_err(io_error("creating a file", path))?;
    match found {
        Some(found) if found.is_file() && found.len() == 0 => {
            atomic_replace::replace(&path, &text[..=length])?;
        }
        _ => atomic_replace::create(&path, &text[..=length], &paths.store_file())?,
    }
    Ok(Arc::new(RecordKeys::new(key)))
}

/// The keys in a file; nothing if there is none, or an empty one.
pub(super) fn read_at(path: PathBuf) -> Result<Option<Arc<RecordKeys>>, StoreError> {
    Ok(read(path)?.map(|(_, keys)| keys))
}

/// The text of a key file.
pub(super) fn text_at(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    atomic_replace::content(&open(path)?, MAX_KEY_FILE_BYTES)
}

/// Which file was read, if the system can tell, and the keys in it.
type Read = (Option<FileVersion>, Arc<RecordKeys>);

/// The keys in the file, and which file that was; nothing if there is none, or an empty one. One that somebody else may have written is
/// refused.
fn read(path: PathBuf) -> Result<Option<Read>, StoreError> {
    let (found, text) = match open(&path).and_then(|opened| {
        // Of what is open, and before it is read: the content is not older than the version.
        let version = FileVersion::of(&opened.found);
        Ok((version, atomic_replace::content(&opened, MAX_KEY_FILE_BYTES)?))
    }) {
        Ok((_, text)) if text.is_empty() => return Ok(None),
        Ok(read) => read,
        Err(error) => {
            return match error.kind() {
                ErrorKind::NotFound => Ok(None),
                ErrorKind::FileTooLarge => Err(not_a_store(&path)),
                ErrorKind::PermissionDenied => Err(StoreError::KeyMissing { path, source: Arc::new(error) }),
                _ => Err(io_error("reading a file", &path)(error)),
            };
        }
    };
    // More than a key, so that a longer one is seen.
    let mut bytes = Zeroizing::new([0; 36]);
    match BASE64.decode_slice(text.trim_ascii(), &mut *bytes) {
        Ok(32) => {}
        _ => return Err(not_a_store(&path)),
    }
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&bytes[..32]);
    Ok(Some((found, Arc::new(RecordKeys::new(key)))))
}

/// Opens the key file, if nobody but its owner can have written it.
fn open(path: &Path) -> io::Result<Opened> {
    let (path, _) = trusted_file::follow(path)?;
    let opened = trusted_file::open_in_place(&path, Access::Read)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let untrusted = |why| Err(io::Error::new(ErrorKind::PermissionDenied, why));
        if opened.found.mode() & 0o002 != 0 && !without_modes::is_our_own(&opened.found, &path) {
            return untrusted("all others can write to it");
        }
        // Whoever may write to a folder can give any file a name there, also one of ours that they know.
        let is_shared =
            |folder: &Path| std::fs::metadata(folder).is_ok_and(|folder| trusted_file::is_shared(&folder));
        if opened.found.nlink() > 1 && path.parent().is_some_and(is_shared) {
            return untrusted("it has another name, and others can write to its folder");
        }
    }
    Ok(opened)
}

#[cfg(all(test, unix))]
mod tests {
    use super::{
        super::{file_version::CLOCK_STEP, kind::OF_TESTS},
        *,
    };

    /// A new key file, and a time when its last change is settled.
    fn settled() -> (tempfile::TempDir, StorePaths, KeyFile, SystemTime) {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = StorePaths::resolve(&folder.path().join("store"), &OF_TESTS).expect("a path");
        let file = KeyFile::default();
        file.create(&paths).expect("written");
        (folder, paths, file, SystemTime::now() + CLOCK_STEP * 10)
    }

    #[test]
    fn a_settled_key_file_is_read_once() {
        let (_folder, paths, file, later) = settled();
        let first = file.keys_at(&paths, later).unwrap().unwrap();
        let second = file.keys_at(&paths, later).unwrap().unwrap();
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn a_key_file_that_was_just_changed_is_read_again() {
        let (_folder, paths, file, _) = settled();
        let first = file.keys(&paths).unwrap().unwrap();
        let second = file.keys(&paths).unwrap().unwrap();
        assert!(!Arc::ptr_eq(&first, &second) && first.check() == second.check());
    }

    #[test]
    fn a_key_file_that_was_removed_replaced_or_changed_is_noticed() {
        let (folder, paths, file, later) = settled();
        let first = file.keys_at(&paths, later).unwrap().unwrap();
        let (path, away) = (paths.key_file(), folder.path().join("away"));

        std::fs::rename(&path, &away).unwrap();
        assert!(file.keys_at(&paths, later).unwrap().is_none());
        let other = file.create(&paths).unwrap();
        assert_ne!(file.keys_at(&paths, later).unwrap().unwrap().check(), first.check());
        std::fs::rename(&away, &path).unwrap();
        assert_eq!(file.keys_at(&paths, later).unwrap().unwrap().check(), first.check());

        // In place and of the same length, as soon as the file system's clock has moved on.
        let before = FileVersion::at(&path);
        while FileVersion::at(&path) == before {
            std::fs::write(&path, BASE64.encode([7; 32]) + "\n").unwrap();
        }
        let third = file.keys_at(&paths, later).unwrap().unwrap();
        assert!(third.check() != first.check() && third.check() != other.check());
    }
}
