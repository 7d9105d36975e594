//! The files of the repository: what git tracks, and what it would track if it were added.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::shell::{self, Failure};

/// The files and folders of a repository, all named from its root with forward slashes.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    root: PathBuf,
    files: Vec<String>,
    folders: BTreeSet<String>,
}

impl Tree {
    /// The tree of the repository at this folder.
    pub(crate) fn read(root: &Path) -> Result<Self, Failure> {
        // CI often checks out as one user and runs as another, which git refuses unless told otherwise.
        let list = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let listed = shell::output(&mut shell::command("git", list))?;
        let listed = listed.split('\0').filter(|path| !path.is_empty() && root.join(path).is_file());
        Ok(Self { root: root.to_path_buf(), ..Self::of(listed) })
    }

    /// A tree of just these files; it has no texts.
    pub(crate) fn of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let files: BTreeSet<_> = paths.into_iter().map(str::to_owned).collect();
        let folders = files.iter().flat_map(|file| ancestors(file)).map(str::to_owned).collect();
        Self { root: PathBuf::new(), files: files.into_iter().collect(), folders }
    }

    /// All files, sorted.
    pub(crate) fn files(&self) -> &[String] {
        &self.files
    }

    /// What is in the file, or nothing if that is not text.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.root.join(path)).ok().filter(|text| !text.contains('\0'))
    }

    /// Whether there is a file or folder of this name; the root's own name is empty.
    pub(crate) fn has(&self, path: &str) -> bool {
        path.is_empty()
            || self.folders.contains(path)
            || self.files.binary_search_by(|f| f.as_str().cmp(path)).is_ok()
    }
}

fn ancestors(file: &str) -> impl Iterator<Item = &str> {
    file.match_indices('/').map(|(end, _)| &file[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_known_from_their_files() {
        let tree = Tree::of(["crates/auth-core/src/lib.rs", "README.md"]);
        for there in ["", "README.md", "crates", "crates/auth-core/src", "crates/auth-core/src/lib.rs"] {
            assert!(tree.has(there), "{there}");
        }
        for absent in ["crates/auth", "src", "READ", "crates/auth-core/src/lib"] {
            assert!(!tree.has(absent), "{absent}");
        }
    }

    #[test]
    fn this_repository_can_be_read() {
        let tree = Tree::read(&shell::root()).unwrap();
        assert!(tree.has("Cargo.toml") && tree.has("xtask/src"));
        assert!(tree.text("Cargo.toml").unwrap().contains("[workspace]"));
        assert!(!tree.files().iter().any(|path| path.starts_with("target/")));
    }
}
