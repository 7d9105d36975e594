//! LLVM's tools for object files and archives: Debian adds a version to their names.

use std::path::PathBuf;

use super::{apt_install, way_to_install};
use crate::shell::{self, Failure};

/// The package that is installed if there is none, and the oldest version that will do.
const PACKAGE: &str = "llvm-22";
const VERSIONS: std::ops::RangeInclusive<u32> = 19..=30;

/// Finds one of them, or installs all.
pub(crate) fn tool(name: &str) -> Result<PathBuf, Failure> {
    if let Some(found) = find(name) {
        return Ok(found);
    }
    let missing =
        || Failure::new(format!("no {name}: it needs LLVM's tools (Debian: apt-get install {PACKAGE})"));
    let become_root = way_to_install().ok_or_else(missing)?;
    apt_install(&become_root, &[PACKAGE])?;
    find(name).ok_or_else(missing)
}

fn find(name: &str) -> Option<PathBuf> {
    let versions = VERSIONS.rev().filter_map(|version| shell::find(&format!("{name}-{version}")));
    versions.chain(shell::find(name)).next()
}
