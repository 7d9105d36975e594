//! The mode of a database's file, which SQLite leaves as it is.

use crate::local::paths::StorePaths;

/// Before a write: nobody else reads the database from now on; a group that was let in on purpose stays.
#[cfg(unix)]
pub(super) fn tighten(paths: &StorePaths) {
    use crate::{
        local::atomic_replace,
        trusted_file::{self, Access},
    };
    use auth_core::visible;
    use std::os::unix::fs::PermissionsExt;
    let store = paths.store_file();
    let lets_all_in =
        std::fs::symlink_metadata(&store).is_ok_and(|found| found.permissions().mode() & 0o007 != 0);
    if !lets_all_in || !paths.kind().is_at(&store).unwrap_or(false) {
        return;
    }
    let private = || PermissionsExt::from_mode(0o600);
    let done = paths.kind().look_at(&store, |opened| opened.file.set_permissions(private())).is_ok();
    // The log has copies of pages, and no locks of SQLite's.
    if let Some(log) = paths.companions_of(&store).first()
        && let Ok(opened) = trusted_file::open_in_place(log, Access::Read)
    {
        let _stays_as_it_was = opened.file.set_permissions(private());
    }
    tracing::warn!(path = %visible(&store.to_string_lossy()), tightened = done, "others could read the database");
    atomic_replace::sync_directory(&store);
}

/// Other systems have no modes of this kind.
#[cfg(not(unix))]
pub(super) fn tighten(_: &StorePaths) {}
