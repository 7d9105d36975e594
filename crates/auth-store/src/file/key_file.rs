//! The key file: 32 random bytes in base64, beside the store. It is read once, and again when it may have changed.

use super::{
    atomic_replace, file_version::FileVersion, key_owner, mark, paths::StorePaths, record_sealing::RecordKeys,
};
use crate::sealing::random;
use auth_core::{ports::StoreError, visible};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use std::{
    fs,
    io::ErrorKind,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};
use zeroize::Zeroizing;

/// 32 bytes in base64 take 44 letters; anything much longer is something else.
const MAX_KEY_FILE_BYTES: u64 = 4096;

/// A key file, and the keys that were last read from it.
#[derive(Default)]
pub(super) struct KeyFile {
    cached: Mutex<Option<(FileVersion, Arc<RecordKeys>)>>,
}

impl KeyFile {
    /// The keys in the file now; nothing if there is no file, or an empty one.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`] if the file holds something else, [`StoreError::KeyMissing`] if we may not read it.
    pub(super) fn keys(&self, paths: &StorePaths) -> Result<Option<Arc<RecordKeys>>, StoreError> {
        self.keys_at(paths, SystemTime::now())
    }

    fn keys_at(&self, paths: &StorePaths, now: SystemTime) -> Result<Option<Arc<RecordKeys>>, StoreError> {
        // Before the file is read, so that the content is not older than the version.
        let version = FileVersion::of(&paths.key_file());
        let mut cached = self.cached();
        if let Some((of, keys)) = &*cached
            && version.as_ref() == Some(of)
        {
            return Ok(Some(Arc::clone(keys)));
        }
        *cached = None;
        let keys = self.read(paths)?;
        *cached = version.filter(|version| version.is_settled(now)).zip(keys.clone());
        Ok(keys)
    }

    /// Like [`keys`](Self::keys), but reads the file in any case. One of another user is refused.
    pub(super) fn read(&self, paths: &StorePaths) -> Result<Option<Arc<RecordKeys>>, StoreError> {
        let path = paths.key_file();
        let read = key_owner::check(paths).and_then(|()| atomic_replace::read(&path, MAX_KEY_FILE_BYTES));
        let text = match read {
            Ok(Some(text)) if !text.is_empty() => text,
            Ok(_) => return Ok(None),
            Err(StoreError::Io { source, .. }) if source.kind() == ErrorKind::FileTooLarge => {
                return Err(mark::not_a_store(&path));
            }
            Err(StoreError::Io { source, .. }) if source.kind() == ErrorKind::PermissionDenied => {
                return Err(StoreError::KeyMissing { path, source });
            }
            Err(error) => return Err(error),
        };
        // More than a key, so that a longer one is seen.
        let mut bytes = Zeroizing::new([0; 36]);
        match BASE64.decode_slice(text.trim_ascii(), &mut *bytes) {
            Ok(32) => {}
            _ => return Err(mark::not_a_store(&path)),
        }
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(&bytes[..32]);
        Ok(Some(Arc::new(RecordKeys::new(key))))
    }

    /// Writes a new random key, where no file is, or an empty one.
    pub(super) fn create(&self, paths: &StorePaths) -> Result<Arc<RecordKeys>, StoreError> {
        let key = random::<32>()?;
        let mut text = Zeroizing::new([0; 45]);
        let length = BASE64.encode_slice(*key, &mut *text).map_err(|_| StoreError::failed())?;
        text[length] = b'\n';
        let path = paths.key_file();
        match fs::metadata(&path) {
            Ok(found) if found.is_file() && found.len() == 0 => {
                atomic_replace::replace(&path, &text[..=length])?;
            }
            _ => atomic_replace::create(&path, &text[..=length], &paths.store_file())?,
        }
        Ok(Arc::new(RecordKeys::new(key)))
    }

    /// Makes the file private if all others can use it; a group that was let in on purpose stays. To be called after [`keys`](Self::keys).
    pub(super) fn tighten(&self, paths: &StorePaths) {
        if self.cached().as_ref().is_some_and(|(version, _)| version.is_private()) {
            return;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let path = paths.key_file();
            let open = fs::metadata(&path).is_ok_and(|found| found.permissions().mode() & 0o007 != 0);
            if open {
                let done = fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).is_ok();
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

#[cfg(all(test, unix))]
mod tests {
    use super::{super::file_version::CLOCK_STEP, *};

    /// A new key file, and a time when its last change is settled.
    fn settled() -> (tempfile::TempDir, StorePaths, KeyFile, SystemTime) {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = StorePaths::resolve(&folder.path().join("store")).expect("a path");
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

        fs::rename(&path, &away).unwrap();
        assert!(file.keys_at(&paths, later).unwrap().is_none());
        let other = file.create(&paths).unwrap();
        assert_ne!(file.keys_at(&paths, later).unwrap().unwrap().check(), first.check());
        fs::rename(&away, &path).unwrap();
        assert_eq!(file.keys_at(&paths, later).unwrap().unwrap().check(), first.check());

        // In place and of the same length, as soon as the file system's clock has moved on.
        let before = FileVersion::of(&path);
        while FileVersion::of(&path) == before {
            fs::write(&path, BASE64.encode([7; 32]) + "\n").unwrap();
        }
        let third = file.keys_at(&paths, later).unwrap().unwrap();
        assert!(third.check() != first.check() && third.check() != other.check());
    }
}
