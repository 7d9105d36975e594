//! Whose a file or a link may be: one that somebody else put there is one whose content they know.

use std::{fs::Metadata, io, path::Path};

/// Refuses what belongs to somebody else. Ours and the administrator's are good; for the administrator also what belongs to the owner
/// of its folder, if nobody else can write to that folder: it is a user's own.
///
/// # Errors
/// [`PermissionDenied`](io::ErrorKind::PermissionDenied), with a text that says why.
pub fn check(found: &Metadata, folder: &Path) -> io::Result<()> {
    match judge(found, folder) {
        Trust::Good => Ok(()),
        Trust::AnotherS => Err(another_s()),
        Trust::InSharedFolder => {
            let said = "it belongs to another user, and others can write to its folder";
            Err(io::Error::new(io::ErrorKind::PermissionDenied, said))
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    Good,
    AnotherS,
    /// To the administrator it would be a user's own, were it not for its folder.
    #[cfg_attr(not(unix), allow(dead_code, reason = "there are no modes"))]
    InSharedFolder,
}

/// What is said of such a file.
#[must_use]
pub fn another_s() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "it belongs to another user")
}

#[cfg(unix)]
fn judge(found: &Metadata, folder: &Path) -> Trust {
    use std::os::unix::fs::MetadataExt;
    let us = rustix::process::geteuid().as_raw();
    let of_folder = || std::fs::metadata(folder).ok().map(|folder| (folder.uid(), is_shared(&folder)));
    decide(found.uid(), us, of_folder)
}

/// Of a folder: its owner, and whether others can write to it.
#[cfg(unix)]
fn decide(owner: u32, us: u32, folder: impl FnOnce() -> Option<(u32, bool)>) -> Trust {
    if owner == us || owner == 0 {
        return Trust::Good;
    }
    match folder().filter(|(folder_s, _)| us == 0 && *folder_s == owner) {
        Some((_, false)) => Trust::Good,
        Some((_, true)) => Trust::InSharedFolder,
        None => Trust::AnotherS,
    }
}

/// True for a folder that others than its owner can write to.
#[cfg(unix)]
#[must_use]
pub fn is_shared(folder: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    is_shared_by(folder.mode(), folder.uid(), folder.gid())
}

/// A group with the number of the owner is the owner's own, as most systems make one for each user.
#[cfg(unix)]
fn is_shared_by(mode: u32, owner: u32, group: u32) -> bool {
    mode & 0o002 != 0 || (mode & 0o020 != 0 && group != owner)
}

/// A link is also good if it is of whoever the root of the file system is: inside a container's or a sandbox's own users that is how the
/// administrator of the machine looks. If that is the number that stands for all who have none there, only the system's own folders tell
/// the administrator from anybody else.
#[cfg(unix)]
pub(super) fn is_trusted_link(found: &Metadata, folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    if judge(found, folder) == Trust::Good {
        return true;
    }
    let Ok(root) = std::fs::metadata("/") else { return false };
    let is_system_s = || {
        let found = std::fs::metadata(folder).ok();
        is_system_folder(folder) && found.is_some_and(|found| found.uid() == root.uid() && !is_shared(&found))
    };
    is_administrator_s_link(found.uid(), root.uid(), overflow_uid(), is_system_s)
}

#[cfg(unix)]
fn is_administrator_s_link(owner: u32, root: u32, overflow: u32, is_system_s: impl FnOnce() -> bool) -> bool {
    owner == root && (owner != overflow || is_system_s())
}

/// Folders in which only the administrator puts links, by the names that all systems have.
#[cfg(unix)]
fn is_system_folder(folder: &Path) -> bool {
    const NAMES: [&str; 9] = ["/", "/etc", "/home", "/mnt", "/opt", "/run", "/srv", "/usr", "/var"];
    NAMES.iter().any(|name| folder == Path::new(name))
}

/// The number of all users who have none among this process's users.
#[cfg(unix)]
fn overflow_uid() -> u32 {
    const USUAL: u32 = 65_534;
    let said = std::fs::read_to_string("/proc/sys/kernel/overflowuid").ok();
    said.and_then(|said| said.trim().parse().ok()).unwrap_or(USUAL)
}

/// Other systems have no owners of this kind.
#[cfg(not(unix))]
fn judge(_: &Metadata, _: &Path) -> Trust {
    Trust::Good
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
        let of = |owner, us, folder| decide(owner, us, || folder);
        for folder in [None, Some((1000, false)), Some((1000, true)), Some((0, true))] {
            assert_eq!(of(1000, 1000, folder), Trust::Good);
            assert_eq!((of(0, 1000, folder), of(0, 0, folder)), (Trust::Good, Trust::Good));
            assert_eq!(of(1001, 1000, folder), Trust::AnotherS);
            assert_eq!(of(1001, 0, folder), Trust::AnotherS);
        }
        assert_eq!(of(1001, 1000, Some((1001, false))), Trust::AnotherS, "not even in a folder of theirs");
        assert_eq!(
            of(1000, 0, Some((1000, false))),
            Trust::Good,
            "an administrator looks into a user's store"
        );
        assert_eq!(of(1000, 0, Some((1000, true))), Trust::InSharedFolder);
    }

    #[test]
    fn a_link_of_a_user_without_a_number_is_the_administrator_s_in_the_system_s_folders_only() {
        let of = |owner, root, is_system_s| is_administrator_s_link(owner, root, 65_534, || is_system_s);
        for is_system_s in [true, false] {
            assert!(of(1000, 1000, is_system_s), "the administrator has a number");
            assert!(!of(1001, 1000, is_system_s) && !of(65_534, 0, is_system_s));
        }
        assert!(of(65_534, 65_534, true) && !of(65_534, 65_534, false));
        assert!(["/", "/var", "/usr/"].iter().all(|name| is_system_folder(Path::new(name))));
        for name in ["/tmp", "/home/ann", "/home/../tmp", "/var/tmp", "/run/user", "etc"] {
            assert!(!is_system_folder(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn a_folder_is_shared_if_others_than_its_owner_can_write_to_it() {
        for mode in [0o700, 0o755, 0o750, 0o775, 0o2775] {
            assert!(!is_shared_by(mode, 1000, 1000), "{mode:o}: the owner's own group");
        }
        for (mode, group) in [(0o777, 1000), (0o1777, 0), (0o757, 1000), (0o775, 100), (0o770, 0)] {
            assert!(is_shared_by(mode, 1000, group), "{mode:o} {group}");
        }
        assert!(!is_shared_by(0o755, 1000, 100));
    }
}
