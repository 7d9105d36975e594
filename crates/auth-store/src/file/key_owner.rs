//! Whose a key file may be. A key that somebody else put there is one that they know.

use super::{error::io_error, paths::StorePaths};
use auth_core::ports::StoreError;

/// Refuses a key file of another user: ours, the administrator's, or that of the directory's owner, who could replace it
/// anyway, are good.
///
/// # Errors
/// [`StoreError::Io`] if it is somebody else's. A file that is not there is nobody's.
pub(super) fn check(paths: &StorePaths) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::{fs, io, os::unix::fs::MetadataExt};
        let Ok(file) = fs::symlink_metadata(paths.key_file()) else { return Ok(()) };
        let directory = fs::metadata(paths.directory()).map(|directory| directory.uid()).ok();
        if !is_trusted(file.uid(), rustix::process::geteuid().as_raw(), directory) {
            let planted = io::Error::new(io::ErrorKind::PermissionDenied, "it belongs to another user");
            return Err(io_error("reading its key file", &paths.key_file())(planted));
        }
    }
    #[cfg(not(unix))]
    let _ = paths;
    Ok(())
}

#[cfg(unix)]
fn is_trusted(owner: u32, ours: u32, directory: Option<u32>) -> bool {
    owner == ours || owner == 0 || Some(owner) == directory
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_those_are_trusted_who_could_read_the_store_anyway() {
        assert!(is_trusted(1000, 1000, Some(0)) && is_trusted(0, 1000, Some(1000)));
        assert!(is_trusted(1000, 0, Some(1000)), "an administrator looks into a user's store");
        // In a directory that everybody may write to, such as /tmp.
        assert!(!is_trusted(1001, 1000, Some(0)) && !is_trusted(1001, 0, Some(0)));
        assert!(!is_trusted(1001, 1000, None));
    }
}
