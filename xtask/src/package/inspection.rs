//! The AARs taken apart: what has to hold of them before anybody depends on them.

use std::collections::HashSet;
use std::fs;

use super::aar;
use super::archive::{self, Entry};
use super::artifacts::{ALL, GROUP, Kind};
use super::elf;
use super::maven::Published;
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
        let rules = part(&entries, "proguard.txt").unwrap_or_default();
        let source = fs::read(Module::of("android").source("proguard.txt")).unwrap_or_default();
        let kept = kept_classes(&String::from_utf8_lossy(&rules));
        let lost: Vec<_> =
            kept.iter().filter(|rule| !classes.iter().any(|class| rule.keeps(class))).collect();
        let left_out = fs::read_to_string(Module::of("android").source(aar::LEFT_OUT)).unwrap_or_default();
        let is_left_out = |class: &Entry| aar::is_left_out(&class.name, &left_out);
        let expected = Module::of("core").classes()?.into_iter().chain(Module::of("android").classes()?);
        let expected = expected.filter(|class| class.name.ends_with(".class") && !is_left_out(class));
        let names: HashSet<_> = classes.iter().map(|class| class.name.as_str()).collect();
        let missing: Vec<_> =
            expected.map(|class| class.name).filter(|name| !names.contains(name.as_str())).collect();
        let libraries: Vec<_> = entries.iter().filter(|entry| entry.name.starts_with("jni/")).collect();
        let mut wrong = Vec::new();
        let mut is_small = !libraries.is_empty();
        for native in artifact.natives {
            wrong.extend(libraries.iter().flat_map(|library| elf::wrong(&library.bytes, native.library())));
            is_small &=
                libraries.iter().all(|library| size::is_near_ledger(native.name(), library.bytes.len()));
        }
        let all = [("kept and not there", format!("{lost:?}")), ("not there", format!("{missing:?}"))];
        for (what, these) in all.into_iter().chain([("wrong", format!("{wrong:?}"))]) {
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
        add("every class of the core and of its own is there", missing.is_empty());
        add(
            "what Android does not have is not there",
            !left_out.is_empty() && !classes.iter().any(is_left_out),
        );
        add("the libraries are aligned, stripped and closed", !libraries.is_empty() && wrong.is_empty());
        add("no library is much larger than the ledger says", is_small);
    }
    Ok(found)
}

fn part(entries: &[Entry], name: &str) -> Option<Vec<u8>> {
    entries.iter().find(|entry| entry.name == name).map(|entry| entry.bytes.clone())
}

/// A rule that keeps classes of ours.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    /// The folder that the classes are in.
    folder: String,
    /// What they extend or implement, as class files write it.
    parent: Option<String>,
}

impl Kept {
    /// Whether it keeps this class. The parent's name is somewhere in the file of a class that has it.
    fn keeps(&self, class: &Entry) -> bool {
        let has = |name: &String| class.bytes.windows(name.len()).any(|bytes| bytes == name.as_bytes());
        class.name.strip_prefix(&self.folder).is_some_and(|rest| !rest.contains('/'))
            && self.parent.as_ref().is_none_or(has)
    }
}

/// The rules that are about our own classes: `-keep class b2core.auth.ffi.* extends a.B { … }`.
fn kept_classes(rules: &str) -> Vec<Kept> {
    let mut kept = Vec::new();
    for rule in rules.lines().filter(|line| line.starts_with("-keep")) {
        let mut words = rule.split(' ').skip_while(|word| *word != "class").skip(1);
        let ours = words.next().and_then(|class| class.strip_suffix('*'));
        let Some(package) = ours.filter(|package| package.starts_with("b2core.")) else { continue };
        let is_child = words.next().is_some_and(|word| ["extends", "implements"].contains(&word));
        let parent = is_child.then(|| words.next().unwrap_or_default().replace('.', "/"));
        kept.push(Kept { folder: package.replace('.', "/"), parent });
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rules_for_our_own_classes_are_looked_at() {
        let rules = "# -keep class b2core.auth.x.*\n-keep class com.sun.jna.* { *; }\n\
                     -keep class b2core.auth.ffi.* extends com.sun.jna.Structure { <fields>; }\n\
                     -keepclasseswithmembers class b2core.auth.ffi.* { native <methods>; }\n";
        let parents: Vec<_> = kept_classes(rules).into_iter().map(|rule| rule.parent).collect();
        assert_eq!(parents, [Some("com/sun/jna/Structure".to_owned()), None]);
        let rule = &kept_classes(rules)[0];
        assert!(rule.keeps(&Entry::new("b2core/auth/ffi/A.class", "..com/sun/jna/Structure..")));
        assert!(!rule.keeps(&Entry::new("b2core/auth/ffi/A.class", "..java/lang/Object..")));
        assert!(!rule.keeps(&Entry::new("b2core/auth/A.class", "..com/sun/jna/Structure..")));
    }
}
