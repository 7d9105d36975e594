//! The AARs taken apart: what has to hold of them before anybody depends on them.

use std::fs;

use super::Published;
use super::archive::{self, Entry};
use super::artifacts::{ALL, GROUP, Kind};
use super::elf;
use super::modules::Module;
use crate::shell::Failure;
use crate::size;

/// What Android's tools read of an AAR.
const PARTS: [&str; 5] = [
    "AndroidManifest.xml",
    "R.txt",
    "classes.jar",
    "proguard.txt",
    "META-INF/com/android/build/gradle/aar-metadata.properties",
];

/// What is looked at in each AAR, and whether it holds.
pub(crate) fn inspect(published: &Published) -> Result<Vec<(String, bool)>, Failure> {
    let mut found = Vec::new();
    for artifact in ALL.iter().filter(|artifact| artifact.kind == Kind::Aar) {
        let (id, version) = (artifact.id, &published.version);
        let folder = published.folder.join(GROUP.replace('.', "/")).join(id).join(version);
        let entries = archive::read(&folder.join(format!("{id}-{version}.aar")))?;
        let classes = archive::parse(&part(&entries, "classes.jar").unwrap_or_default());
        let classes = classes.map_err(|cause| Failure::new(format!("{id}: classes.jar: {cause}")))?;
        let has_class = |name: &str| {
            let file = format!("{}.class", name.replace('.', "/"));
            classes.iter().any(|entry| entry.name == file)
        };
        let rules = part(&entries, "proguard.txt").unwrap_or_default();
        let source = fs::read(Module::of("android").source("proguard.txt")).unwrap_or_default();
        let kept = kept_classes(&String::from_utf8_lossy(&rules));
        let lost: Vec<_> = kept.iter().filter(|class| !has_class(class)).collect();
        let libraries: Vec<_> = entries.iter().filter(|entry| entry.name.starts_with("jni/")).collect();
        let mut wrong = Vec::new();
        let mut is_small = !libraries.is_empty();
        for native in artifact.natives {
            wrong.extend(libraries.iter().flat_map(|library| elf::wrong(&library.bytes, native.library())));
            is_small &=
                libraries.iter().all(|library| size::is_near_ledger(native.name(), library.bytes.len()));
        }
        for (what, these) in [("kept and not there", format!("{lost:?}")), ("wrong", format!("{wrong:?}"))] {
            if these != "[]" {
                println!("{id}: {what}: {these}");
            }
        }
        let mut add = |what: &str, holds: bool| found.push((format!("{id}: {what}"), holds));
        add(
            "all that Android's tools read is there",
            PARTS.iter().all(|name| part(&entries, name).is_some()),
        );
        add("every class that the rules keep is there", !kept.is_empty() && lost.is_empty());
        add("the rules are those that were tried", !rules.is_empty() && rules == source);
        add("what Android does not have is not there", !has_class("b2core.auth.JavaHttpTransport"));
        add("the libraries are aligned, stripped and closed", !libraries.is_empty() && wrong.is_empty());
        add("no library is much larger than the ledger says", is_small);
    }
    Ok(found)
}

fn part(entries: &[Entry], name: &str) -> Option<Vec<u8>> {
    entries.iter().find(|entry| entry.name == name).map(|entry| entry.bytes.clone())
}

/// The classes that rules name in full: not those of other libraries, and no patterns.
fn kept_classes(rules: &str) -> Vec<String> {
    let words = rules.split(|c: char| c.is_whitespace() || "{};,".contains(c));
    let ours = words.filter(|word| word.starts_with("b2core.") && !word.contains('*'));
    ours.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_of_our_own_classes_are_looked_for() {
        let rules = "-keep class b2core.auth.ffi.A { *; }\n-keep class com.sun.jna.** { *; }\n\
                     -keep class b2core.auth.ffi.** extends b2core.auth.B {\n}";
        assert_eq!(kept_classes(rules), ["b2core.auth.ffi.A", "b2core.auth.B"]);
    }
}
