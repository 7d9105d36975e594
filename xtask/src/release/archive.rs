//! Archives for the shell: the same bytes for the same files.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::{Compression, GzBuilder};

use super::record::write_at_once;
use crate::shell::Failure;

/// A file in an archive.
pub(super) struct File {
    name: String,
    bytes: Vec<u8>,
    mode: u32,
}

impl File {
    /// One that is read from here and has this name there.
    pub(super) fn read(from: &Path, name: impl Into<String>) -> Result<Self, Failure> {
        let bytes = fs::read(from).map_err(|cause| Failure::new(format!("{}: {cause}", from.display())))?;
        Ok(Self { name: name.into(), bytes, mode: 0o644 })
    }

    pub(super) fn executable(self) -> Self {
        Self { mode: 0o755, ..self }
    }

    /// All files below a folder.
    pub(super) fn all_below(folder: &Path, prefix: &str) -> Result<Vec<Self>, Failure> {
        let tree = crate::tree::read(folder)?;
        tree.keys().map(|name| Self::read(&folder.join(name), format!("{prefix}{name}"))).collect()
    }
}

/// Writes these bytes packed, without a name and a time.
pub(super) fn write_gz(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failure = |cause: std::io::Error| Failure::new(format!("{}: {cause}", path.display()));
    let mut gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    gzip.write_all(bytes).map_err(failure)?;
    write_at_once(path, &gzip.finish().map_err(failure)?)
}

/// Writes a `.tar.gz` of these files, all in one folder of this name, with this time in seconds.
pub(super) fn write_tar_gz(
    path: &Path,
    folder: &str,
    mut files: Vec<File>,
    date: u64,
) -> Result<(), Failure> {
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let failure = |cause: std::io::Error| Failure::new(format!("{}: {cause}", path.display()));
    // No name and no time in gzip's own header.
    let gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let mut builder = tar::Builder::new(gzip);
    for file in &files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.bytes.len() as u64);
        header.set_mode(file.mode);
        header.set_mtime(date);
        header.set_uid(0);
        header.set_gid(0);
        let name = format!("{folder}/{}", file.name);
        builder.append_data(&mut header, name, file.bytes.as_slice()).map_err(failure)?;
    }
    let bytes = builder.into_inner().and_then(flate2::write::GzEncoder::finish).map_err(failure)?;
    write_at_once(path, &bytes)
}
