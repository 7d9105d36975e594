//! SHA-256 sums of files, in the form that `sha256sum` writes and checks.

use std::fs;
use std::path::Path;

use ring::digest::{SHA256, digest};

use crate::shell::Failure;

/// The sum of these bytes, in hexadecimal digits.
pub(crate) fn of_bytes(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The sum of a file.
pub(crate) fn of_file(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
    Ok(of_bytes(&bytes))
}
