//! The Swift packages that have the frameworks: in them, or by the address at which a release has them.

use super::Framework;
use crate::package::archive::Entry;
use crate::package::swift::{Library, Manifest};
use crate::shell::Failure;

/// The files of the package with the frameworks in it, apart from its sources.
pub(super) fn local(manifest: &Manifest, frameworks: &[Framework]) -> Vec<Entry> {
    let target = |library: &Library| format!("path: \"Libraries/{}.xcframework\"", library.module);
    let mut entries = vec![Entry::new("Package.swift", manifest.with_frameworks(target))];
    for (_, files) in frameworks {
        entries.extend(files.iter().map(|it| Entry::new(format!("Libraries/{}", it.name), it.bytes.clone())));
    }
    entries
}

/// The manifest of the package that fetches them from this address: `binaries` has the file and the checksum of each.
pub(super) fn by_address(
    manifest: &Manifest,
    address: &str,
    binaries: &[(&'static Library, String, String)],
) -> Result<Entry, Failure> {
    for library in manifest.libraries()? {
        if !binaries.iter().any(|(other, _, sum)| *other == library && sum.len() == 64) {
            return Err(Failure::new(format!("{}.xcframework has no checksum", library.module)));
        }
    }
    let target = |library: &Library| {
        let found = binaries.iter().find(|(other, _, _)| *other == library);
        let (file, sum) = found.map(|(_, file, sum)| (file.as_str(), sum.as_str())).unwrap_or_default();
        format!("url: \"{address}/{file}\", checksum: \"{sum}\"")
    };
    Ok(Entry::new("Package.swift", manifest.with_frameworks(target)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::swift::SOURCES;
    use crate::shell;

    fn manifest() -> Manifest {
        Manifest::read(&shell::root().join(SOURCES)).unwrap().without_tests()
    }

    fn frameworks() -> Vec<Framework> {
        let entry = |library: &Library| Entry::new(format!("{}.xcframework/Info.plist", library.module), "x");
        manifest().libraries().unwrap().into_iter().map(|it| (it, vec![entry(it)])).collect()
    }

    /// What each binary target says behind its name.
    fn targets(entry: &Entry) -> Vec<String> {
        let text = String::from_utf8(entry.bytes.clone()).unwrap();
        let all = text.split(".binaryTarget(").skip(1);
        let all: Vec<_> = all.map(|rest| rest.split(')').next().unwrap().to_owned()).collect();
        assert_eq!(all.len(), 2, "{text}");
        all
    }

    fn value<'a>(target: &'a str, key: &str) -> &'a str {
        target.split(&format!("{key}: \"")).nth(1).unwrap().split('"').next().unwrap()
    }

    #[test]
    fn every_binary_target_has_a_checksum_or_is_in_the_package() {
        let frameworks = frameworks();
        let local = local(&manifest(), &frameworks);
        for target in targets(&local[0]) {
            let folder = format!("{}/", value(&target, "path"));
            assert!(local.iter().any(|entry| entry.name.starts_with(&folder)), "{target}");
        }
        let binaries: Vec<_> =
            frameworks.iter().map(|(it, _)| (*it, format!("{}.zip", it.module), "a".repeat(64))).collect();
        for target in targets(&by_address(&manifest(), "https://x", &binaries).unwrap()) {
            assert_eq!(value(&target, "checksum"), "a".repeat(64));
            assert_eq!(value(&target, "url"), format!("https://x/{}.zip", value(&target, "name")));
        }
    }

    #[test]
    fn a_framework_without_a_checksum_is_refused() {
        let (first, _) = frameworks().remove(0);
        let only = [(first, "x.zip".to_owned(), "a".repeat(64))];
        assert!(by_address(&manifest(), "https://x", &only).is_err());
        assert!(by_address(&manifest(), "https://x", &[]).is_err());
    }
}
