//! The list of artefacts: a line for each file, as `sha256sum` writes it, in the order of their paths in a Maven repository.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Failure};
use crate::tree::{self, Tree};

/// The checked-in file.
pub(super) fn path() -> PathBuf {
    shell::root().join("xtask/maven/checksums.sha256")
}

/// What it lists.
pub(super) fn read(path: &Path) -> Result<Tree, Failure> {
    let text =
        fs::read_to_string(path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
    let list = tree::parse(&text, path)?;
    match list.keys().find(|path| !is_safe(path)) {
        Some(name) => Err(Failure::new(format!("{}: `{name}` is no path of an artefact", path.display()))),
        None => Ok(list),
    }
}

/// Whether a path stays below its folder, and has only characters that mean nothing to curl.
pub(super) fn is_safe(path: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    path.split('/').all(|name| !name.is_empty() && !name.starts_with('.') && name.chars().all(is_plain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maven::is_ours;

    #[test]
    fn the_checked_in_list_is_sorted_and_holds_nothing_of_ours() {
        let (path, text) = (path(), fs::read_to_string(path()).unwrap());
        let list = read(&path).unwrap();
        assert_eq!(tree::lines(&list), text);
        assert!(list.len() > 500, "{}", list.len());
        for (path, sum) in &list {
            let is_sum = sum.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
            assert!(is_sum && !is_ours(path) && !path.contains("SNAPSHOT"), "{path}");
        }
    }

    #[test]
    fn a_path_stays_in_its_folder() {
        for path in ["../a.jar", "a/../../b.jar", "/a.jar", "a//b.jar", "a/.b", "a\"b", "a b", "a\\b", ""] {
            assert!(!is_safe(path), "{path}");
        }
        assert!(is_safe("org/a/1.0+2/a-1.0+2_x.jar"));
    }
}
