//! What one machine hands to another: a folder with a list of its files, which says what they were built from.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::shell::{self, Failure};
use crate::tree::{self, Tree};
use crate::workspace;

/// The list, in its folder.
const LIST: &str = "handover.json";

/// The list's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Handover {
    /// The commit in full.
    commit: String,
    /// Whether everything was committed.
    clean: bool,
    version: String,
    /// What `rustc --version` said.
    pub(crate) rustc: String,
    /// What that machine could not make, a line each.
    pub(crate) missing: Vec<String>,
    /// The files with their SHA-256 sums, by their paths from the folder.
    pub(crate) files: Tree,
}

impl Handover {
    /// Of all files that are in the folder now.
    fn of(folder: &Path, missing: &[String]) -> Result<Self, Failure> {
        let git = |words: &[&str]| shell::output(&mut shell::command("git", words));
        let mut files = tree::read(folder)?;
        files.remove(LIST);
        Ok(Self {
            commit: git(&["rev-parse", "HEAD"])?.trim().to_owned(),
            clean: git(&["status", "--porcelain", "--untracked-files=all"])?.is_empty(),
            version: workspace::version()?,
            rustc: shell::rustc_version()?,
            missing: missing.to_vec(),
            files,
        })
    }

    fn write(&self, folder: &Path) -> Result<(), Failure> {
        let path = folder.join(LIST);
        let text = serde_json::to_string_pretty(self).map_err(|cause| Failure::new(cause.to_string()))?;
        std::fs::write(&path, text + "\n")
            .map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))
    }

    /// Why it is not of this commit and version, in a line; nothing if it is.
    fn differs(&self, commit: &str, version: &str) -> Option<String> {
        if self.commit != commit {
            return Some(format!("it is of the commit {}, not of {commit}", self.commit));
        }
        if self.version != version {
            return Some(format!("it is of version {}, not of {version}", self.version));
        }
        (!self.clean).then(|| "not everything was committed where it was built".to_owned())
    }
}

/// Writes the list of a folder.
pub(super) fn write(folder: &Path, missing: &[String]) -> Result<(), Failure> {
    Handover::of(folder, missing)?.write(folder)
}

/// Reads the list of a folder, and refuses it unless it is of the commit that is checked out and every file has its sum. Only files
/// that it names may be taken.
pub(crate) fn read(folder: &Path) -> Result<Handover, Failure> {
    let refused = |why: String| Failure::new(format!("{}: {why}", folder.display()));
    let text = std::fs::read_to_string(folder.join(LIST));
    let text = text.map_err(|cause| refused(format!("{LIST}: {cause}; `cargo xtask package` writes it")))?;
    let list: Handover = serde_json::from_str(&text).map_err(|cause| refused(format!("{LIST}: {cause}")))?;
    let commit = shell::output(&mut shell::command("git", ["rev-parse", "HEAD"]))?;
    if let Some(why) = list.differs(commit.trim(), &workspace::version()?) {
        return Err(refused(why));
    }
    let found = tree::read(folder)?;
    match list.files.iter().find(|(name, sum)| found.get(*name) != Some(*sum)) {
        Some((name, _)) => Err(refused(format!("{name} is not the file that {LIST} names"))),
        None => Ok(list),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    /// A folder with one file in it, and its list, as if everything had been committed.
    pub(in super::super) fn folder(name: &str, file: &str, bytes: &[u8]) -> PathBuf {
        let folder = crate::scratch::kept(&format!("handover-{name}"));
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        Handover { clean: true, ..Handover::of(&folder, &[]).unwrap() }.write(&folder).unwrap();
        folder
    }

    #[test]
    fn a_list_of_this_commit_is_read_with_all_its_files() {
        let folder = folder("good", "a/b", b"x");
        let list = read(&folder).unwrap();
        assert_eq!(list.files.keys().collect::<Vec<_>>(), ["a/b"]);
        assert!(list.rustc.starts_with("rustc "));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn another_commit_a_changed_file_and_no_list_are_refused() {
        let folder = folder("bad", "a/b", b"x");
        let good = read(&folder).unwrap();
        let refused = || read(&folder).unwrap_err().to_string();
        let old = Handover { commit: "0".repeat(40), ..good.clone() };
        for (list, why) in [
            (old, "of the commit 0000"),
            (Handover { version: "9.9.9".to_owned(), ..good.clone() }, "of version 9.9.9"),
            (Handover { clean: false, ..good.clone() }, "not everything was committed"),
        ] {
            list.write(&folder).unwrap();
            assert!(refused().contains(why), "{why}");
        }
        good.write(&folder).unwrap();
        fs::write(folder.join("a/b"), "y").unwrap();
        assert!(refused().contains("a/b is not the file"));
        fs::remove_file(folder.join(LIST)).unwrap();
        assert!(refused().contains(LIST));
        fs::remove_dir_all(&folder).unwrap();
    }
}
