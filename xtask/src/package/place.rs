//! Where packages are built and put: the target folder, or a folder below it that a release has for itself.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::shell::Failure;
use crate::workspace;

static OWN: OnceLock<PathBuf> = OnceLock::new();

/// Lets all that this program packs from now on be in this folder, in which no other program builds.
pub(crate) fn have_own(folder: PathBuf) {
    let _ = OWN.set(folder);
}

/// The folder.
pub(super) fn folder() -> Result<PathBuf, Failure> {
    OWN.get().map_or_else(workspace::target_folder, |own| Ok(own.clone()))
}
