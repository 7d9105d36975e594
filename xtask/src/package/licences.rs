//! The texts of the licences, which every artefact carries.

use std::fs;

use super::archive::Entry;
use crate::shell::{self, Failure};

/// Their folder in a jar or AAR: one of our own, since others have files of the usual names.
pub(super) const IN_A_JAR: &str = "META-INF/b2core-auth/";

/// Both, in this folder of the archive: a path that ends with a slash.
pub(super) fn entries(folder: &str) -> Result<Vec<Entry>, Failure> {
    let read = |name: &str| {
        let path = shell::root().join(name);
        let bytes = fs::read(&path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
        Ok(Entry::new(format!("{folder}{name}"), bytes))
    };
    ["LICENSE-APACHE", "LICENSE-MIT"].into_iter().map(read).collect()
}
