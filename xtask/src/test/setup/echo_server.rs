//! laravel-echo-server, which the tests of the live channel run: installed once for all checkouts, in the versions that the lock
//! file in `tests/echo-server` names.

use std::fs;
use std::path::Path;

use crate::cache;
use crate::shell::{self, Failure};

/// What says which versions are installed; the copy of a finished installation is its mark.
const LOCK: &str = "package-lock.json";

/// Installs it, unless these versions are there.
pub(super) fn run() -> Result<(), Failure> {
    let (from, to) = (shell::root().join("tests/echo-server"), cache::folder("echo-server")?);
    if is_there(&from, &to) {
        return Ok(());
    }
    let copy = |name: &str| {
        fs::create_dir_all(&to)
            .and_then(|()| fs::copy(from.join(name), to.join(name)))
            .map_err(|cause| Failure::new(format!("{}: {cause}", to.join(name).display())))
    };
    for name in ["package.json", LOCK] {
        copy(name)?;
    }
    // No script of a package runs; none of these needs one.
    let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    shell::run(shell::command("npm", words).current_dir(&to))?;
    let installed = to.join("node_modules").join(LOCK);
    fs::copy(from.join(LOCK), &installed)
        .map_err(|cause| Failure::new(format!("{}: {cause}", installed.display())))?;
    Ok(())
}

fn is_there(from: &Path, to: &Path) -> bool {
    let wanted = fs::read(from.join(LOCK));
    let there = fs::read(to.join("node_modules").join(LOCK));
    matches!((wanted, there), (Ok(wanted), Ok(there)) if wanted == there)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_lock_file_is_another_installation() {
        let folder = shell::root().join("tests/echo-server");
        assert!(fs::read(folder.join(LOCK)).is_ok());
        assert!(!is_there(&folder, &folder), "nothing is installed in the tree");
        assert!(!is_there(Path::new("nowhere"), Path::new("nowhere")));
    }
}
