//! A static library with its header and module map as an artifact bundle, which Swift 6.2 reads (SE-0482). Older ones are
//! given the folders in it one by one.

use std::fs;

use serde_json::json;

use super::super::archive::{self, Entry};
use super::super::artifacts::Native;
use super::library::Library;
use super::{SOURCES, static_library};
use crate::shell::{self, Failure};

/// The folder of header and module map in a bundle.
pub(super) const HEADERS: &str = "include";

/// A Linux that a package is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Platform {
    triple: &'static str,
    /// The end of the archive's name.
    pub(super) name: &'static str,
    /// The library's folder in its bundle.
    pub(super) folder: &'static str,
    /// Swift's names for it: Debian's differs from Swift's own.
    swift: [&'static str; 2],
}

impl Platform {
    pub(super) const ALL: [Self; 2] = [
        Self {
            triple: "x86_64-unknown-linux-gnu",
            name: "linux-x86_64",
            folder: "linux-x86_64",
            swift: ["x86_64-unknown-linux-gnu", "x86_64-pc-linux-gnu"],
        },
        Self {
            triple: "aarch64-unknown-linux-gnu",
            name: "linux-aarch64",
            folder: "linux-aarch64",
            swift: ["aarch64-unknown-linux-gnu", "aarch64-pc-linux-gnu"],
        },
    ];

    pub(super) fn of_this_machine() -> Result<Self, Failure> {
        let host = shell::host()?;
        let found = Self::ALL.into_iter().find(|platform| platform.triple == host);
        found.ok_or_else(|| {
            Failure::new(format!("the Swift package for Linux is built on Linux, not on {host}"))
        })
    }
}

/// The bundle's folder in the package.
pub(super) fn folder(library: &Library) -> String {
    format!("Libraries/{}.artifactbundle", library.module)
}

/// All files of the bundle, by their paths in the package.
pub(super) fn entries(
    library: &Library,
    native: Native,
    platform: Platform,
    version: &str,
) -> Result<Vec<Entry>, Failure> {
    let built = static_library::build(native)?;
    let bytes = fs::read(&built).map_err(|cause| Failure::new(format!("{}: {cause}", built.display())))?;
    let folder = folder(library);
    let file = format!("{}/lib{}.a", platform.folder, library.name);
    let mut entries = vec![
        Entry::new(format!("{folder}/info.json"), info(library, &file, platform, version)),
        Entry::new(format!("{folder}/{file}"), bytes),
    ];
    let headers = archive::folder(&shell::root().join(SOURCES).join("Sources").join(library.module))?;
    if headers.is_empty() {
        return Err(Failure::new(format!("{SOURCES}/Sources/{}: there is no header", library.module)));
    }
    entries.extend(
        headers.into_iter().map(|it| Entry::new(format!("{folder}/{HEADERS}/{}", it.name), it.bytes)),
    );
    Ok(entries)
}

fn info(library: &Library, file: &str, platform: Platform, version: &str) -> String {
    let metadata =
        json!({ "headerPaths": [HEADERS], "moduleMapPath": format!("{HEADERS}/module.modulemap") });
    let variant =
        json!({ "path": file, "supportedTriples": platform.swift, "staticLibraryMetadata": metadata });
    let artifact = json!({ "type": "staticLibrary", "version": version, "variants": [variant] });
    let info = json!({ "schemaVersion": "1.0", "artifacts": { library.module: artifact } });
    format!("{info:#}\n")
}
