//! File systems that keep no modes: Windows drives under WSL, FAT, shares, folders of a virtual machine's host. All files look as if
//! everybody could write to them there, and no change of a mode has an effect, so that a mode says nothing of what was done to a file.

use super::atomic_replace;
use std::{fs::Metadata, os::unix::fs::MetadataExt, path::Path};

/// What is asked of a file that looks as if all others could write to it.
struct Seen {
    us: u32,
    owner: u32,
    folder_s_owner: u32,
    /// The mode that a new file has which was made private, if it lies in the same file system.
    of_a_private_one: Option<u32>,
}

impl Seen {
    /// Where a new file is private the mode is true: somebody else may have written the file. So no mode is changed to find out.
    fn is_our_own(&self) -> bool {
        self.owner == self.us
            && self.folder_s_owner == self.us
            && self.of_a_private_one.is_some_and(|mode| mode & 0o002 != 0)
    }
}

/// True for a file of ours in a folder of ours, where no mode says who can write to a file. No link is at the end of the path.
pub(super) fn is_our_own(found: &Metadata, path: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let Ok(of_folder) = std::fs::metadata(folder) else { return false };
    let us = rustix::process::geteuid().as_raw();
    // Nobody's file is made where the answer is known without it.
    let is_asked = found.uid() == us && of_folder.uid() == us;
    let private = is_asked.then(|| atomic_replace::private_one_beside(path)).flatten();
    let of_a_private_one = private.filter(|one| one.dev() == found.dev()).map(|one| one.mode());
    Seen { us, owner: found.uid(), folder_s_owner: of_folder.uid(), of_a_private_one }.is_our_own()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_made_light_of_only_where_no_file_can_be_private() {
        let seen = |owner, folder_s_owner, of_a_private_one| {
            Seen { us: 1000, owner, folder_s_owner, of_a_private_one }.is_our_own()
        };
        for looks in [0o100_777, 0o100_666] {
            assert!(seen(1000, 1000, Some(looks)), "a drive of Windows, FAT, a share");
            assert!(!seen(1001, 1000, Some(looks)) && !seen(1000, 1001, Some(looks)), "somebody else's");
        }
        assert!(!seen(1000, 1000, Some(0o100_600)), "the mode is true");
        assert!(!seen(1000, 1000, None), "nobody can tell");
    }

    #[test]
    fn here_a_mode_is_true_and_nothing_is_left_of_the_question() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "x").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o666)).unwrap();
        let found = std::fs::metadata(&path).unwrap();
        assert!(!is_our_own(&found, &path));
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o666, "it is not changed to find out");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
