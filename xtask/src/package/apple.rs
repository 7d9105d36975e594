//! `cargo xtask package apple`: the library as an XCFramework, and the Swift package that has it as a binary target.
//!
//! On macOS all slices are built. Elsewhere one is, for devices and of the flavour without C code in it, so that what puts them
//! together and what looks at them runs too; the command says what is not there.

mod look;
mod packages;
mod plist;
mod privacy;
mod slice;

use std::fs;
use std::path::{Path, PathBuf};

use self::slice::{SLICES, Slice};
use super::archive::{self, Entry};
use super::artifacts::Native;
use super::licences::Licences;
use super::swift::{FOLDER, Library, Manifest, SOURCES, Zip, package_sources};
use super::{handover, swift};
use crate::shell::{self, Failure};
use crate::test::suites::Flavour;
use crate::workspace;

/// What was packed, and what this machine could not build.
pub(crate) struct Packed {
    pub(crate) zips: Vec<Zip>,
    /// A line each.
    pub(crate) missing: Vec<String>,
}

/// A library and all files of its framework, in a folder of the framework's name.
type Framework = (&'static Library, Vec<Entry>);

/// The folder of all that is packed here, below the target folder.
const PART: &str = "apple";

/// Builds the slices that can be built here of a flavour, and packs them.
pub(crate) fn pack(flavour: Flavour, licences: &Licences) -> Result<Packed, Failure> {
    let mut missing = Vec::new();
    let name = flavour.name();
    let manifest = Manifest::read(&shell::root().join(SOURCES))?.without_tests();
    let version = workspace::version()?;
    let libraries = manifest.libraries()?;
    let mut frameworks: Vec<Framework> = Vec::new();
    for library in &libraries {
        let native = library.native(flavour);
        let mut slices = Vec::new();
        for slice in SLICES {
            match slice.what_is_missing(native) {
                Some(reason) => missing.push(format!("{} {name}, {}: {reason}", library.module, slice.id)),
                None => slices.push((slice, slice.build(native)?)),
            }
        }
        if slices.is_empty() {
            missing.push(format!("{}.xcframework {name}: there is no slice of it", library.module));
            continue;
        }
        frameworks.push((*library, framework(library, &slices)?));
    }
    // A checksum for each, for those who fetch it by its address; and all in one package, for those who have it on their disk.
    let mut zips = Vec::new();
    let mut binaries = Vec::new();
    for (library, entries) in &frameworks {
        let name = format!("{}{}.xcframework", library.module, suffix(flavour));
        let texts = licences.entries("", &[library.native(flavour)])?;
        let zip = swift::write_zip(PART, &name, [entries.clone(), texts].concat())?;
        binaries.push((*library, format!("{name}.zip"), zip.sha256.clone()));
        zips.push(zip);
    }
    if frameworks.len() < libraries.len() {
        missing.push(format!("the packages for Apple's systems {name}: a framework is missing"));
        return Ok(Packed { zips, missing });
    }
    let package = format!("b2core-auth-swift{}-{version}-apple", suffix(flavour));
    let texts = licences.entries("", &swift::natives(&libraries, flavour))?;
    let local = packages::local(&manifest, &frameworks);
    zips.push(write_package(&package, &manifest, [local, texts.clone()].concat())?);
    let address = format!("{}/releases/download/v{version}", workspace::repository()?);
    let remote = packages::by_address(&manifest, &address, &binaries)?;
    zips.push(write_package(&format!("{package}-by-address"), &manifest, [vec![remote], texts].concat())?);
    Ok(Packed { zips, missing })
}

/// Forgets what was packed before, perhaps of another commit.
pub(crate) fn clear() -> Result<(), Failure> {
    swift::clear(PART)
}

/// What of all that there is to build cannot be built here, a line each.
pub(crate) fn what_is_missing() -> Vec<String> {
    let all = SLICES.iter().flat_map(|slice| Native::ALL.map(|native| (slice, native)));
    all.filter_map(|(slice, native)| slice.what_is_missing(native)).collect()
}

/// Lists what was packed for the machine that makes the release.
pub(super) fn hand_over(missing: &[String]) -> Result<(), Failure> {
    handover::write(&swift::folder(PART)?, missing)
}

fn suffix(flavour: Flavour) -> &'static str {
    match flavour {
        Flavour::Bundled => "",
        Flavour::Platform => "-platform",
    }
}

/// All files of a framework, in its folder.
fn framework(library: &Library, slices: &[(&Slice, PathBuf)]) -> Result<Vec<Entry>, Failure> {
    let folder = format!("{}.xcframework", library.module);
    let file = format!("lib{}.a", library.name);
    let headers = archive::folder(&shell::root().join(SOURCES).join("Sources").join(library.module))?;
    let ids: Vec<_> = slices.iter().map(|(slice, _)| *slice).collect();
    let mut entries = vec![Entry::new(format!("{folder}/Info.plist"), plist::of(&file, &ids))];
    for (slice, path) in slices {
        let bytes = fs::read(path).map_err(|cause| failure(path, &cause))?;
        entries.push(Entry::new(format!("{folder}/{}/{file}", slice.id), bytes));
        for header in &headers {
            // In a folder of the module's name: all frameworks' headers come into one folder of the app's build.
            let name = format!("{folder}/{}/{}/{}/{}", slice.id, plist::HEADERS, library.module, header.name);
            entries.push(Entry::new(name, header.bytes.clone()));
        }
    }
    Ok(entries)
}

fn write_package(name: &str, manifest: &Manifest, mut entries: Vec<Entry>) -> Result<Zip, Failure> {
    entries.extend(package_sources(&manifest.libraries()?)?);
    let inside = entries.into_iter().map(|it| Entry::new(format!("{FOLDER}/{}", it.name), it.bytes));
    swift::write_zip(PART, name, inside.collect())
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}
