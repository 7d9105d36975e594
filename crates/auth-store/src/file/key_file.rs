//! The key file: 32 random bytes in base64, beside the store.

use super::{atomic_replace, paths::StorePaths};
use crate::sealing::random;
use auth_core::ports::StoreError;
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use zeroize::Zeroizing;

/// 32 bytes in base64 take 44 letters; anything much longer is something else.
const MAX_KEY_FILE_BYTES: u64 = 4096;

/// The key; nothing if there is no file.
///
/// # Errors
/// [`StoreError::WrongKey`] if the file holds something else.
pub(super) fn read(paths: &StorePaths) -> Result<Option<Zeroizing<[u8; 32]>>, StoreError> {
    let Some(text) = atomic_replace::read(&paths.key_file(), MAX_KEY_FILE_BYTES)? else { return Ok(None) };
    // More than a key, so that a longer one is seen.
    let mut bytes = Zeroizing::new([0; 36]);
    match BASE64.decode_slice(text.trim_ascii(), &mut *bytes) {
        Ok(32) => {}
        _ => return Err(StoreError::WrongKey),
    }
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&bytes[..32]);
    Ok(Some(key))
}

/// Writes a new random key, where no file is.
pub(super) fn write(paths: &StorePaths) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    let key = random::<32>()?;
    let mut text = Zeroizing::new([0; 45]);
    let length = BASE64.encode_slice(*key, &mut *text).map_err(|_| StoreError::Failed)?;
    text[length] = b'\n';
    atomic_replace::create(&paths.key_file(), &text[..=length])?;
    Ok(key)
}

/// Makes the file private if others can read it.
pub(super) fn tighten(paths: &StorePaths) {
    #[cfg(unix)]
    {
        use std::{fs, os::unix::fs::PermissionsExt};
        let path = paths.key_file();
        let open = fs::metadata(&path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0);
        if open {
            let done = fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).is_ok();
            tracing::warn!(path = %path.display(), tightened = done, "others could read the key file");
        }
    }
    #[cfg(not(unix))]
    let _ = paths;
}
