//! The packages from npm that tests run against, in folders that checkouts share.

use std::fs;
use std::path::Path;

use crate::cache;
use crate::shell::{self, Failure};

/// What is installed: where it is pinned, seen from the root, and the cache folder that it goes to.
const PINNED: [(&str, &str); 2] = [("tests/page", "page"), ("tests/echo-server", "echo-server")];
/// What pins it. The last one is copied last: once it is there, all is.
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Installs what is pinned, unless it is there already. No script of a package is run.
pub(crate) fn install() -> Result<(), Failure> {
    PINNED.iter().try_for_each(|(pinned, folder)| install_one(pinned, &cache::folder(folder)?))
}

fn install_one(pinned: &str, to: &Path) -> Result<(), Failure> {
    let from = shell::root().join(pinned);
    if is_installed(&from, to) {
        return Ok(());
    }
    let failed = |what: &str, cause: std::io::Error| {
        Failure::new(format!("the tests need the npm packages of {pinned}: {what}: {cause}"))
    };
    let installing = to.join("installing");
    let _ = fs::remove_dir_all(&installing);
    fs::create_dir_all(&installing).map_err(|cause| failed("no folder for them", cause))?;
    for file in FILES {
        fs::copy(from.join(file), installing.join(file)).map_err(|cause| failed(file, cause))?;
    }
    let mut npm = shell::command("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    shell::run(npm.current_dir(&installing))
        .map_err(|cause| Failure::new(format!("the tests need the npm packages of {pinned}: {cause}")))?;
    let _ = fs::remove_dir_all(to.join("node_modules"));
    fs::rename(installing.join("node_modules"), to.join("node_modules"))
        .map_err(|cause| failed("they cannot be moved", cause))?;
    for file in FILES {
        fs::copy(from.join(file), to.join(file)).map_err(|cause| failed(file, cause))?;
    }
    let _ = fs::remove_dir_all(&installing);
    Ok(())
}

/// Whether exactly what is pinned was installed there.
fn is_installed(from: &Path, to: &Path) -> bool {
    FILES.iter().all(|file| match (fs::read(from.join(file)), fs::read(to.join(file))) {
        (Ok(pinned), Ok(installed)) => pinned == installed,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_pinned_by_its_hash() {
        for (pinned, _) in PINNED {
            let lock = fs::read_to_string(shell::root().join(pinned).join(FILES[1])).unwrap();
            let lock: serde_json::Value = serde_json::from_str(&lock).unwrap();
            let packages = lock["packages"].as_object().unwrap();
            assert!(packages.len() > 5);
            for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
                assert!(package["integrity"].is_string(), "{name}");
            }
        }
    }

    #[test]
    fn another_lock_is_not_installed() {
        let root = shell::root();
        let pinned = root.join(PINNED[0].0);
        assert!(is_installed(&pinned, &pinned));
        assert!(!is_installed(&pinned, &root));
    }
}
