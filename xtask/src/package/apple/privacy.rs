//! The privacy manifest of the Swift package, against what the library really calls: Apple wants a reason for each of some calls.

use std::fs;

use super::super::swift::SOURCES;
use crate::shell::{self, Failure};

/// The manifest, in the target that apps import.
pub(super) const FILE: &str = "Sources/B2CoreAuth/PrivacyInfo.xcprivacy";

const FILE_TIMESTAMP: &str = "NSPrivacyAccessedAPICategoryFileTimestamp";
const BOOT_TIME: &str = "NSPrivacyAccessedAPICategorySystemBootTime";
const DISK_SPACE: &str = "NSPrivacyAccessedAPICategoryDiskSpace";

/// The functions of C that need a reason, and the category that it is given for.
const REASONED: &[(&str, &str)] = &[
    ("stat", FILE_TIMESTAMP),
    ("fstat", FILE_TIMESTAMP),
    ("lstat", FILE_TIMESTAMP),
    ("fstatat", FILE_TIMESTAMP),
    ("getattrlist", FILE_TIMESTAMP),
    ("getattrlistbulk", FILE_TIMESTAMP),
    ("fgetattrlist", FILE_TIMESTAMP),
    ("getattrlistat", FILE_TIMESTAMP),
    ("mach_absolute_time", BOOT_TIME),
    ("statfs", DISK_SPACE),
    ("statvfs", DISK_SPACE),
    ("fstatfs", DISK_SPACE),
    ("fstatvfs", DISK_SPACE),
];

/// Its text.
pub(super) fn read() -> Result<String, Failure> {
    let path = shell::root().join(SOURCES).join(FILE);
    fs::read_to_string(&path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))
}

/// The functions among these that need a reason which the manifest does not give, with the category.
pub(super) fn undeclared<'a>(needs: &'a [String], manifest: &str) -> Vec<(&'a str, &'static str)> {
    let reasoned = needs.iter().filter_map(|need| {
        // On x86-64, some have a suffix.
        let plain = need.split('$').next().unwrap_or(need);
        let found = REASONED.iter().find(|(name, _)| *name == plain);
        found.map(|(_, category)| (need.as_str(), *category))
    });
    reasoned.filter(|(_, category)| !manifest.contains(category)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_without_its_category_is_found() {
        let needs = ["malloc", "fstat$INODE64", "mach_absolute_time"].map(str::to_owned);
        assert_eq!(undeclared(&needs, BOOT_TIME), [("fstat$INODE64", FILE_TIMESTAMP)]);
        assert!(undeclared(&needs, &format!("{BOOT_TIME}{FILE_TIMESTAMP}")).is_empty());
    }

    #[test]
    fn nothing_is_tracked_and_nothing_collected() {
        let text = read().unwrap();
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let document = roxmltree::Document::parse_with_options(&text, options).unwrap();
        let after = |key: &str| {
            let found = document.descendants().find(|it| it.has_tag_name("key") && it.text() == Some(key));
            found.and_then(|it| it.next_sibling_element()).unwrap()
        };
        assert!(after("NSPrivacyTracking").has_tag_name("false"));
        assert_eq!(after("NSPrivacyCollectedDataTypes").children().filter(|it| it.is_element()).count(), 0);
        assert!(text.contains(FILE_TIMESTAMP));
    }
}
