//! Jars and AARs: the same bytes for the same content, whenever and wherever they are written.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::shell::{self, Failure};
use crate::sums;

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its path, with slashes.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

impl Entry {
    pub(super) fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

/// The first entry of a jar.
const MANIFEST: &str = "META-INF/MANIFEST.MF";

/// The archive of these files, in the order of their names, the manifest first.
pub(super) fn bytes(mut entries: Vec<Entry>) -> Result<Vec<u8>, Failure> {
    entries.sort_by(|one, other| order(one).cmp(&order(other)));
    let failure = |cause: &dyn std::fmt::Display| Failure::new(format!("cannot write an archive: {cause}"));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in &entries {
        writer.start_file(&entry.name, options).map_err(|cause| failure(&cause))?;
        writer.write_all(&entry.bytes).map_err(|cause| failure(&cause))?;
    }
    Ok(writer.finish().map_err(|cause| failure(&cause))?.into_inner())
}

fn order(entry: &Entry) -> (bool, &str) {
    (entry.name != MANIFEST, &entry.name)
}

/// The files of an archive, without its folders.
pub(super) fn read(path: &Path) -> Result<Vec<Entry>, Failure> {
    let failure = |cause: &dyn std::fmt::Display| Failure::new(format!("{}: {cause}", path.display()));
    let bytes = fs::read(path).map_err(|cause| failure(&cause))?;
    parse(&bytes).map_err(|cause| failure(&cause))
}

/// Writes the files of an archive below a folder.
pub(crate) fn unzip(path: &Path, folder: &Path) -> Result<(), Failure> {
    for entry in read(path)? {
        let to = folder.join(&entry.name);
        let made = to.parent().map_or(Ok(()), fs::create_dir_all);
        let written = made.and_then(|()| fs::write(&to, &entry.bytes));
        written.map_err(|cause| Failure::new(format!("{}: {cause}", to.display())))?;
    }
    Ok(())
}

/// The sum of each file in an archive.
pub(crate) fn sums_inside(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    Ok(read(path)?.into_iter().map(|entry| (entry.name, sums::of_bytes(&entry.bytes))).collect())
}

/// The files of an archive that is in memory, with their names.
pub(crate) fn files_inside(bytes: &[u8]) -> zip::result::ZipResult<Vec<(String, Vec<u8>)>> {
    Ok(parse(bytes)?.into_iter().map(|entry| (entry.name, entry.bytes)).collect())
}

/// The files of an archive that is in memory.
pub(super) fn parse(bytes: &[u8]) -> zip::result::ZipResult<Vec<Entry>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut entries = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at)?;
        if file.is_dir() {
            continue;
        }
        let name = file.name()?.into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        entries.push(Entry::new(name, bytes));
    }
    Ok(entries)
}

/// All files below a folder that git knows or would add, by their paths from there; none if there is no such folder. What it ignores
/// is of this machine.
pub(super) fn folder(root: &Path) -> Result<Vec<Entry>, Failure> {
    if !root.is_dir() {
        return Ok(Vec::new());
    }
    let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
    let names = shell::output(shell::command("git", words).current_dir(root))?;
    let mut entries = Vec::new();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let path = root.join(name);
        match fs::read(&path) {
            Ok(bytes) => entries.push(Entry::new(name, bytes)),
            // Removed, but not yet from the index.
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
            Err(cause) => return Err(Failure::new(format!("{}: {cause}", path.display()))),
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_are_the_same_bytes_and_the_manifest_is_first() {
        let entries = ["b/B.class", MANIFEST, "a/A.class"].map(|name| Entry::new(name, name.as_bytes()));
        let archive = bytes(entries.to_vec()).unwrap();
        assert_eq!(archive, bytes(entries.iter().rev().cloned().collect()).unwrap());
        let names: Vec<_> = parse(&archive).unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, [MANIFEST, "a/A.class", "b/B.class"]);
    }

    #[test]
    fn what_git_ignores_is_not_packed() {
        let root = crate::scratch::kept("archive");
        let sources = root.join("Sources");
        fs::create_dir_all(sources.join("A")).unwrap();
        shell::run(shell::command("git", ["init", "--quiet"]).current_dir(&root)).unwrap();
        for (name, text) in
            [(".gitignore", "*.local\n"), ("Sources/A/a.swift", ""), ("Sources/A/b.local", "")]
        {
            fs::write(root.join(name), text).unwrap();
        }
        let names: Vec<_> = folder(&sources).unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["A/a.swift"]);
        assert!(folder(&root.join("nowhere")).unwrap().is_empty());
        fs::remove_dir_all(&root).unwrap();
    }
}
