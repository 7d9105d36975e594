//! `SHA256SUMS`, which `sha256sum --check` reads.

use std::fs;
use std::path::Path;

use super::record::write_at_once;
use crate::shell::Failure;
use crate::tree::{self, Tree};

/// The name of the file.
pub(super) const NAME: &str = "SHA256SUMS";

/// Writes it for all files of the release.
pub(super) fn write(folder: &Path, tree: &Tree) -> Result<(), Failure> {
    write_at_once(&folder.join(NAME), tree::lines(tree).as_bytes())
}

/// Its text.
pub(super) fn read(folder: &Path) -> Result<String, Failure> {
    let path = folder.join(NAME);
    fs::read_to_string(&path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))
}

/// The sums in it.
pub(super) fn parse(folder: &Path) -> Result<Tree, Failure> {
    tree::parse(&read(folder)?, &folder.join(NAME))
}
