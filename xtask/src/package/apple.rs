//! `cargo xtask package apple`: the library as an XCFramework, and the Swift package that has it as a binary target.
//!
//! On macOS all slices are built. Elsewhere one is, for devices and of the flavour without C code in it, so that what puts them
//! together and what looks at them runs too; the command says what is not there.

mod plist;
mod privacy;
mod slice;

use std::fs;
use std::path::{Path, PathBuf};

use self::slice::{SLICES, Slice};
use super::archive::{self, Entry};
use super::swift::{FOLDER, Library, Manifest, SOURCES, Zip, package_sources, symbols};
use super::{licences, swift};
use crate::shell::{self, Failure};
use crate::test::suites::Flavour;
use crate::workspace;

/// What was packed, and what this machine could not build.
pub(crate) struct Packed {
    pub(crate) zips: Vec<Zip>,
    /// A line each.
    pub(crate) missing: Vec<String>,
}

/// Builds the slices that can be built here of a flavour, and packs them.
pub(crate) fn pack(flavour: Flavour) -> Result<Packed, Failure> {
    let mut missing = Vec::new();
    let name = flavour.name();
    let manifest = Manifest::read(&shell::root().join(SOURCES))?.without_tests();
    let version = workspace::version()?;
    let mut zips = Vec::new();
    let mut frameworks = Vec::new();
    for library in manifest.libraries()? {
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
        frameworks.push((library, framework(library, &slices)?));
    }
    if frameworks.is_empty() {
        return Ok(Packed { zips, missing });
    }
    // A checksum for each, for those who fetch it by its address; and all in one package, for those who have it on their disk.
    let mut binaries = Vec::new();
    for (library, entries) in &frameworks {
        let zip = swift::write_zip(
            "apple",
            &format!("{}{}.xcframework", library.module, suffix(flavour)),
            entries.clone(),
        )?;
        binaries.push((*library, zip.sha256.clone()));
        zips.push(zip);
    }
    zips.push(local_package(&manifest, flavour, &version, &frameworks)?);
    zips.push(remote_package(&manifest, flavour, &version, &binaries)?);
    Ok(Packed { zips, missing })
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
        look(&bytes, library, slice)?;
        entries.push(Entry::new(format!("{folder}/{}/{file}", slice.id), bytes));
        for header in &headers {
            // In a folder of the module's name: all frameworks' headers come into one folder of the app's build.
            let name = format!("{folder}/{}/{}/{}/{}", slice.id, plist::HEADERS, library.module, header.name);
            entries.push(Entry::new(name, header.bytes.clone()));
        }
    }
    Ok(entries)
}

/// What has to hold of a slice before it is packed.
fn look(bytes: &[u8], library: &Library, slice: &Slice) -> Result<(), Failure> {
    let refused = |why: String| Failure::new(format!("{} {}: {why}", library.module, slice.id));
    // A file for several processors is looked at before they are put together.
    if slice.triples.len() > 1 {
        return Ok(());
    }
    let found = symbols::of_archive(bytes, library.name).map_err(|cause| refused(cause.to_string()))?;
    if found.exports.is_empty() {
        return Err(refused("it exports nothing".to_owned()));
    }
    if let Some(other) = found.others.iter().find(|name| !slice::is_own(name, library.name)) {
        return Err(refused(format!("it exports {other}")));
    }
    if let Some(section) = found.bitcode.first() {
        return Err(refused(format!("it has a section {section}")));
    }
    let manifest = privacy::read()?;
    match privacy::undeclared(&found.needs, &manifest).first() {
        None => Ok(()),
        Some((symbol, category)) => {
            Err(refused(format!("it calls {symbol}, and {} lacks {category}", privacy::FILE)))
        }
    }
}

/// The package with the frameworks in it.
fn local_package(
    manifest: &Manifest,
    flavour: Flavour,
    version: &str,
    frameworks: &[(&'static Library, Vec<Entry>)],
) -> Result<Zip, Failure> {
    let target = |library: &Library| format!("path: \"Libraries/{}.xcframework\"", library.module);
    let mut entries = vec![Entry::new("Package.swift", manifest.with_frameworks(target))];
    for (_, files) in frameworks {
        entries.extend(files.iter().map(|it| Entry::new(format!("Libraries/{}", it.name), it.bytes.clone())));
    }
    write_package(&format!("b2core-auth-swift{}-{version}-apple", suffix(flavour)), manifest, entries)
}

/// The package that fetches them from where the release is.
fn remote_package(
    manifest: &Manifest,
    flavour: Flavour,
    version: &str,
    binaries: &[(&'static Library, String)],
) -> Result<Zip, Failure> {
    let from = format!("{}/releases/download/v{version}", workspace::repository()?);
    let target = |library: &Library| {
        let sum = binaries.iter().find(|(other, _)| *other == library).map(|(_, sum)| sum.as_str());
        let file = format!("{}{}.xcframework.zip", library.module, suffix(flavour));
        format!("url: \"{from}/{file}\", checksum: \"{}\"", sum.unwrap_or_default())
    };
    let entries = vec![Entry::new("Package.swift", manifest.with_frameworks(target))];
    write_package(
        &format!("b2core-auth-swift{}-{version}-apple-by-address", suffix(flavour)),
        manifest,
        entries,
    )
}

fn write_package(name: &str, manifest: &Manifest, mut entries: Vec<Entry>) -> Result<Zip, Failure> {
    entries.extend(package_sources(&manifest.libraries()?)?);
    entries.extend(licences::entries("")?);
    let inside = entries.into_iter().map(|it| Entry::new(format!("{FOLDER}/{}", it.name), it.bytes));
    swift::write_zip("apple", name, inside.collect())
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}
