//! The Swift package with its native libraries, as a zip that another package depends on by its path.
//!
//! Its manifest is the one of the checkout without the tests, and finds the libraries below the package, so that whoever depends on it
//! sets no flag and no variable. Swift 6.2 knows static libraries in an artifact bundle; older ones take the same files by a flag
//! for the linker, which Swift allows to packages that are there by their path.

mod bundle;
mod library;
mod manifest;
mod static_library;
pub(super) mod symbols;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use self::bundle::Platform;
pub(super) use self::library::Library;
pub(super) use self::manifest::Manifest;
use super::archive::{self, Entry};
use super::artifacts::Native;
use super::licences::Licences;
use crate::package::place;
use crate::shell::{self, Failure};
use crate::sums;
use crate::test::suites::Flavour;
use crate::workspace;

/// The folder of the Swift package, from the root.
pub(super) const SOURCES: &str = "bindings/swift";
/// The one folder in the archive. Its name is the package's in `product(name:package:)` of whoever depends on it.
pub(super) const FOLDER: &str = "B2CoreAuth";

/// A zip that was written.
pub(crate) struct Zip {
    pub(crate) path: PathBuf,
    /// What `binaryTarget` and whoever downloads it compare.
    pub(crate) sha256: String,
}

impl fmt::Display for Zip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nchecksum {}", self.path.display(), self.sha256)
    }
}

/// Packs the package of a flavour for this machine, which has to be a Linux.
pub(crate) fn linux(flavour: Flavour, licences: &Licences) -> Result<Zip, Failure> {
    let platform = Platform::of_this_machine()?;
    let manifest = Manifest::read(&shell::root().join(SOURCES))?.without_tests();
    let libraries = manifest.libraries()?;
    let version = workspace::version()?;
    let mut entries = vec![
        Entry::new("Package.swift", manifest.with_libraries_by_flags(platform)),
        Entry::new("Package@swift-6.2.swift", manifest.with_bundles()?),
    ];
    for library in &libraries {
        entries.extend(bundle::entries(library, library.native(flavour), platform, &version)?);
    }
    entries.extend(package_sources(&libraries)?);
    entries.extend(licences.entries("", &natives(&libraries, flavour))?);
    let name = match flavour {
        Flavour::Bundled => "b2core-auth-swift",
        Flavour::Platform => "b2core-auth-swift-platform",
    };
    let inside = entries.into_iter().map(|it| Entry::new(format!("{FOLDER}/{}", it.name), it.bytes));
    write_zip("swift", &format!("{name}-{version}-{}", platform.name), inside.collect())
}

/// What these libraries are built from.
pub(super) fn natives(libraries: &[&Library], flavour: Flavour) -> Vec<Native> {
    libraries.iter().map(|library| library.native(flavour)).collect()
}

/// The static libraries of the package and of the sandbox, with their names, for a program that has both.
pub(crate) fn static_libraries() -> Result<[(&'static str, PathBuf); 2], Failure> {
    let build = |native: Native| Ok((native.library(), static_library::build(native)?));
    Ok([build(Native::Bundled)?, build(Native::Sandbox)?])
}

/// The functions that a static library gives to others.
pub(crate) fn exports(archive: &Path, library: &str) -> Result<Vec<String>, Failure> {
    let bytes = fs::read(archive).map_err(|cause| failure(archive, &cause))?;
    let found = symbols::of_archive(&bytes, library);
    Ok(found.map_err(|cause| Failure::new(format!("{}: {cause}", archive.display())))?.exports)
}

/// What is not built: the sources of all targets, and what a reader needs.
pub(super) fn package_sources(libraries: &[&Library]) -> Result<Vec<Entry>, Failure> {
    let root = shell::root().join(SOURCES);
    let mut entries = archive::folder(&root.join("Sources"))?;
    // The C modules are with their libraries.
    entries.retain(|entry| !libraries.iter().any(|it| entry.name.starts_with(&format!("{}/", it.module))));
    for entry in &mut entries {
        entry.name = format!("Sources/{}", entry.name);
    }
    let readme = root.join("README.md");
    let text = fs::read(&readme).map_err(|cause| failure(&readme, &cause))?;
    entries.push(Entry::new("README.md", text));
    Ok(entries)
}

/// Writes a zip into `packages` in the target folder, into the folder of its part.
pub(super) fn write_zip(part: &str, name: &str, entries: Vec<Entry>) -> Result<Zip, Failure> {
    let bytes = archive::bytes(entries)?;
    let folder = folder(part)?;
    let path = folder.join(format!("{name}.zip"));
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, &bytes));
    written.map_err(|cause| failure(&path, &cause))?;
    Ok(Zip { path, sha256: sums::of_bytes(&bytes) })
}

/// The folder of a part's zips.
pub(super) fn folder(part: &str) -> Result<PathBuf, Failure> {
    Ok(place::folder()?.join("packages").join(part))
}

/// Removes the zips of a part.
pub(super) fn clear(part: &str) -> Result<(), Failure> {
    let folder = folder(part)?;
    match fs::remove_dir_all(&folder) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(failure(&folder, &cause)),
        _ => Ok(()),
    }
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}
