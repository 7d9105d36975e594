//! Whose a file or a link may be: one that somebody else put there is one whose content they know.

use std::{fs::Metadata, io, path::Path};

/// Refuses what belongs to somebody else. Ours and the administrator's are good; for the administrator also what belongs to the owner
/// of its folder, if nobody else can write to that folder: it is a user's own.
///
/// # Errors
/// [`PermissionDenied`](io::ErrorKind::PermissionDenied), with a text that says why.
pub fn check(found: &Metadata, folder: &Path) -> io::Result<()> {
    if is_trusted(found, folder) { Ok(()) } else { Err(another_s()) }
}

/// What is said of such a file.
#[must_use]
pub fn another_s() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "it belongs to another user")
}

#[cfg(unix)]
fn is_trusted(found: &Metadata, folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let us = rustix::process::geteuid().as_raw();
    let is_owner_s_alone =
        || std::fs::metadata(folder).is_ok_and(|folder| folder.uid() == found.uid() && !is_shared(&folder));
    decide(found.uid(), us, is_owner_s_alone)
}

#[cfg(unix)]
fn decide(owner: u32, us: u32, is_folder_owner_s_alone: impl FnOnce() -> bool) -> bool {
    owner == us || owner == 0 || (us == 0 && is_folder_owner_s_alone())
}

/// True for a folder that others than its owner can write to.
#[cfg(unix)]
#[must_use]
pub fn is_shared(folder: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(folder) & 0o022 != 0
}

/// A link is also good if it is of whoever the root of the file system is: inside a container's or a sandbox's own users that is how the
/// administrator of the machine looks.
#[cfg(unix)]
pub(super) fn is_trusted_link(found: &Metadata, folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    is_trusted(found, folder) || std::fs::metadata("/").is_ok_and(|root| root.uid() == found.uid())
}

/// Other systems have no owners of this kind.
#[cfg(not(unix))]
fn is_trusted(_: &Metadata, _: &Path) -> bool {
    true
}

/// Other systems have no modes of this kind.
#[cfg(not(unix))]
#[must_use]
pub fn is_shared(_: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
pub(super) fn is_trusted_link(_: &Metadata, _: &Path) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn ours_and_the_administrator_s_are_trusted_and_a_user_s_own_by_the_administrator() {
        for folder in [true, false] {
            assert!(decide(1000, 1000, || folder) && decide(0, 1000, || folder) && decide(0, 0, || folder));
            assert!(!decide(1001, 1000, || folder), "not even in a folder of theirs");
        }
        assert!(decide(1000, 0, || true), "an administrator looks into a user's store");
        assert!(!decide(1001, 0, || false), "in a folder that everybody may write to, such as /tmp");
    }
}
