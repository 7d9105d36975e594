//! Folders for a while: made under a name that nobody can foresee, for this user alone. In a folder that everybody may write to, such as
//! /tmp, a name that can be guessed may already be somebody else's.

#[cfg(test)]
use std::path::PathBuf;

use tempfile::{Builder, TempDir};

use crate::shell::Failure;

/// A new folder, which goes with what is given out.
pub(crate) fn folder(name: &str) -> Result<TempDir, Failure> {
    made(name).map_err(|cause| Failure::new(format!("no folder for {name}: {cause}")))
}

/// A new folder for a test, which removes it if all went well.
#[cfg(test)]
pub(crate) fn kept(name: &str) -> PathBuf {
    made(name).expect("there is room for a folder").keep()
}

fn made(name: &str) -> std::io::Result<TempDir> {
    let prefix = format!("b2core-{name}-");
    let mut builder = Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_a_new_one_each_time_and_this_user_s_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (one, other) = (folder("x").unwrap(), folder("x").unwrap());
        assert_ne!(one.path(), other.path());
        assert_eq!(one.path().metadata().unwrap().permissions().mode() & 0o777, 0o700);
        let place = one.path().to_owned();
        drop(one);
        assert!(!place.exists());
    }
}
