//! The manifest of the Swift package, changed into that of a package that brings its libraries.
//!
//! It is changed as text: what a target is called and consists of stays written once, in the checkout's manifest.

use std::fs;
use std::path::Path;

use super::bundle::{self, Platform};
use super::library::{ALL, Library};
use crate::shell::Failure;

/// A manifest of SwiftPM's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Manifest(String);

/// The targets that stay in the checkout: those, and any that is not in `Sources`.
const LEFT_OUT: [&str; 2] = [".testTarget(", ".executableTarget("];
const TARGET: &str = ".target(";
const ELSEWHERE: &str = "path: \"";
/// The start of a manifest's first line.
const TOOLS: &str = "// swift-tools-version: ";
const LINKED: &str = ".linkedLibrary(\"";

impl Manifest {
    /// The one in this folder.
    pub(in super::super) fn read(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join("Package.swift");
        let text = fs::read_to_string(&path);
        text.map(Self).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))
    }

    /// Without tests, without the programs that only they and the benchmarks run, and without samples.
    pub(in super::super) fn without_tests(&self) -> Self {
        let mut text = self.0.clone();
        for call in LEFT_OUT.into_iter().chain([TARGET]) {
            let mut from = 0;
            while let Some(at) = text[from..].find(call).map(|at| from + at) {
                let end = at + end_of_call(&text[at..]);
                if call == TARGET && !text[at..end].contains(ELSEWHERE) {
                    from = end;
                    continue;
                }
                let end = end + text[end..].starts_with(',') as usize;
                let end = end + text[end..].starts_with('\n') as usize;
                text.replace_range(start_with_comments(&text, at)..end, "");
            }
        }
        Self(text)
    }

    /// The libraries that it links.
    pub(in super::super) fn libraries(&self) -> Result<Vec<&'static Library>, Failure> {
        let linked: Vec<_> = self.0.split(LINKED).skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let known = |name: &str| ALL.iter().find(|library| library.name == name);
        let unknown = |name: &str| Failure::new(format!("Package.swift links {name}, which is not packed"));
        if linked.is_empty() {
            return Err(Failure::new("Package.swift links no library"));
        }
        linked.into_iter().map(|name| known(name).ok_or_else(|| unknown(name))).collect()
    }

    /// For any Swift 6 on this platform: the linker is given the folder of each library.
    pub(super) fn with_libraries_by_flags(&self, platform: Platform) -> String {
        let mut text = self.0.clone();
        for library in &ALL {
            let folder = format!("{}/{}", bundle::folder(library), platform.folder);
            let linked = format!("{LINKED}{}\")", library.name);
            let flags = format!(".unsafeFlags([\"-L\\(Context.packageDirectory)/{folder}\"])");
            text = text.replace(&linked, &format!("{flags}, {linked}"));
            let headers = format!("{}/{}", bundle::folder(library), bundle::HEADERS);
            text = text.replace(
                &system_library(library),
                &format!(".systemLibrary(name: \"{}\", path: \"{headers}\")", library.module),
            );
        }
        text
    }

    /// For Swift 6.2 or newer: no flags, so that a package with a version may depend on it too. SwiftPM prefers the manifest
    /// with the highest version of the tools, so its first line has to name 6.2.
    pub(super) fn with_bundles(&self) -> Result<String, Failure> {
        let rest = self.0.strip_prefix(TOOLS).and_then(|rest| rest.split_once('\n'));
        let rest =
            rest.ok_or_else(|| Failure::new("Package.swift does not begin with its tools' version"))?.1;
        let mut text = format!("{TOOLS}6.2\n{rest}");
        for library in &ALL {
            text = text.replace(&format!("{LINKED}{}\")", library.name), "");
            text = text.replace(
                &system_library(library),
                &format!(
                    ".binaryTarget(name: \"{}\", path: \"{}\")",
                    library.module,
                    bundle::folder(library)
                ),
            );
        }
        Ok(text)
    }

    /// For Apple's systems: each library is a binary target, whose place is written by `place`.
    pub(in super::super) fn with_frameworks(&self, place: impl Fn(&Library) -> String) -> String {
        let mut text = self.0.clone();
        for library in &ALL {
            // What the library calls of the system for TLS.
            text = text.replace(&format!("{LINKED}{}\")", library.name), ".linkedFramework(\"Security\")");
            text = text.replace(
                &system_library(library),
                &format!(".binaryTarget(name: \"{}\", {})", library.module, place(library)),
            );
        }
        text
    }
}

fn system_library(library: &Library) -> String {
    format!(".systemLibrary(name: \"{}\")", library.module)
}

/// Where a call ends: behind its closing parenthesis. Strings and comments may hold others.
fn end_of_call(text: &str) -> usize {
    let (mut depth, mut in_string, mut in_comment, mut last) = (0_usize, false, false, ' ');
    for (at, c) in text.char_indices() {
        match c {
            '\n' => in_comment = false,
            _ if in_comment => {}
            '"' if last != '\\' => in_string = !in_string,
            _ if in_string => {}
            '/' if last == '/' => in_comment = true,
            '(' => depth += 1,
            ')' if depth == 1 => return at + 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        last = c;
    }
    text.len()
}

/// The start of the line, and of the lines of comments right before it.
fn start_with_comments(text: &str, at: usize) -> usize {
    let mut start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    while start > 0 {
        let before = text[..start - 1].rfind('\n').map_or(0, |at| at + 1);
        if !text[before..start].trim_start().starts_with("//") {
            break;
        }
        start = before;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;

    fn own() -> Manifest {
        Manifest::read(&shell::root().join(super::super::SOURCES)).unwrap()
    }

    #[test]
    fn tests_and_their_programs_are_left_out_with_their_comments() {
        let text = "targets: [\n  // Kept.\n  .target(name: \"A\"),\n  // A test (of all)\n  // in two lines.\n  \
                    .testTarget(name: \"T\", path: \"x) // y\", deps: [f()]),\n  .executableTarget(name: \"E\"),\n  .target(name: \"S\", path: \"Samples\"),\n],\n";
        let left = Manifest(text.to_owned()).without_tests();
        assert_eq!(left.0, "targets: [\n  // Kept.\n  .target(name: \"A\"),\n],\n");
    }

    #[test]
    fn our_manifest_has_a_library_and_keeps_its_product() {
        let manifest = own().without_tests();
        assert!(manifest.libraries().unwrap().contains(&&ALL[0]));
        assert!(manifest.0.contains(".library(name: \"B2CoreAuth\""), "{}", manifest.0);
        assert!(LEFT_OUT.iter().all(|call| !manifest.0.contains(call)), "{}", manifest.0);
    }

    #[test]
    fn libraries_are_found_below_the_package() {
        let manifest = own().without_tests();
        let text = manifest.with_libraries_by_flags(Platform::ALL[0]);
        assert!(
            text.contains("-L\\(Context.packageDirectory)/Libraries/B2CoreAuthFFI.artifactbundle/"),
            "{text}"
        );
        assert!(text.contains("path: \"Libraries/B2CoreAuthFFI.artifactbundle/include\""), "{text}");
        let text = manifest.with_bundles().unwrap();
        assert!(!text.contains("unsafeFlags") && !text.contains(LINKED), "{text}");
        assert!(text.contains(".binaryTarget(name: \"B2CoreAuthFFI\""), "{text}");
    }

    #[test]
    fn the_manifest_with_bundles_is_preferred_by_newer_tools() {
        let first = |text: &str| text.lines().next().map(str::to_owned);
        assert_eq!(first(&own().0).as_deref(), Some("// swift-tools-version: 6.0"));
        assert_eq!(first(&own().with_bundles().unwrap()).as_deref(), Some("// swift-tools-version: 6.2"));
        assert!(Manifest("import PackageDescription\n".to_owned()).with_bundles().is_err());
    }

    #[test]
    fn an_unknown_library_is_refused() {
        assert!(Manifest(".linkedLibrary(\"z\")".to_owned()).libraries().is_err());
        assert!(Manifest(String::new()).libraries().is_err());
    }
}
