//! The AAR: the package of Android.

use std::fs;
use std::path::Path;

use super::archive::{self, Entry};
use super::artifacts::GROUP;
use super::modules::Module;
use super::natives::MIN_SDK;
use super::pom::Dependency;
use crate::shell::Failure;

/// What the AAR needs: its classes include those of the core, and JNA has a package of its own for Android.
pub(super) fn needs(core: &Module, own: Vec<Dependency>) -> Result<Vec<Dependency>, Failure> {
    let mut needs: Vec<Dependency> = Vec::new();
    for mut need in core.needs()?.into_iter().chain(own) {
        if need.group == GROUP || needs.iter().any(|other| other.artifact == need.artifact) {
            continue;
        }
        if need.artifact == "jna" {
            need.file_type = Some("aar");
        }
        needs.push(need);
    }
    Ok(needs)
}

/// The AAR with these libraries; `sources` is the folder of its manifest, rules and resources.
pub(super) fn bytes(
    core: &Module,
    own: Vec<Entry>,
    libraries: Vec<Entry>,
    licences: Vec<Entry>,
    sources: &Path,
) -> Result<Vec<u8>, Failure> {
    let read = |name: &str| {
        let path = sources.join(name);
        fs::read(&path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))
    };
    let left_out = String::from_utf8_lossy(&read(LEFT_OUT)?).into_owned();
    let mut classes = core.classes()?;
    classes.retain(|entry| !is_left_out(&entry.name, &left_out) && entry.name != MANIFEST_OF_JAR);
    classes.extend(own.into_iter().filter(|entry| entry.name != MANIFEST_OF_JAR));
    let resources = archive::folder(&sources.join("res"))?;
    let symbols = symbols(&resources);
    let mut entries = vec![
        Entry::new("AndroidManifest.xml", read("AndroidManifest.xml")?),
        Entry::new("classes.jar", archive::bytes(classes)?),
        Entry::new("proguard.txt", read("proguard.txt")?),
        Entry::new("R.txt", symbols),
        Entry::new("META-INF/com/android/build/gradle/aar-metadata.properties", aar_metadata()),
    ];
    entries.extend(resources.into_iter().map(|entry| Entry::new(format!("res/{}", entry.name), entry.bytes)));
    entries.extend(libraries);
    entries.extend(licences);
    archive::bytes(entries)
}

/// The file that lists the core's classes that are of no use on Android, such as a transport on the JDK's HTTP client.
pub(super) const LEFT_OUT: &str = "classes-left-out.txt";

/// Whether a line of the list names this file: in full, or with a star before the ending.
pub(super) fn is_left_out(name: &str, list: &str) -> bool {
    list.lines().any(|line| match line.split_once('*') {
        Some((start, end)) => name.starts_with(start) && name.ends_with(end),
        None => name == line,
    })
}

const MANIFEST_OF_JAR: &str = "META-INF/MANIFEST.MF";

/// A line for each resource, as Android's tools write it: `int xml name 0x0`.
fn symbols(resources: &[Entry]) -> String {
    let mut lines: Vec<_> = resources
        .iter()
        .filter_map(|entry| {
            let (kind, file) = entry.name.split_once('/')?;
            let (name, _) = file.split_once('.')?;
            Some(format!("int {} {name} 0x0\n", kind.split('-').next()?))
        })
        .collect();
    lines.sort();
    lines.dedup();
    lines.concat()
}

/// What Android's Gradle plugin checks before it takes an AAR.
fn aar_metadata() -> String {
    format!(
        "aarFormatVersion=1.0\naarMetadataVersion=1.0\nminCompileSdk={MIN_SDK}\nminCompileSdkExtension=0\n\
         minAndroidGradlePluginVersion=1.0.0\ncoreLibraryDesugaringEnabled=false\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_whatever_is_before_the_ending() {
        let list = "a/Http*.class\na/Large.class\n";
        for name in ["a/Http.class", "a/Http$1.class", "a/Large.class"] {
            assert!(is_left_out(name, list), "{name}");
        }
        for name in ["a/HttpHeader.kt", "a/Larger.class", "b/Http.class"] {
            assert!(!is_left_out(name, list), "{name}");
        }
    }

    #[test]
    fn a_resource_is_listed_once_whatever_its_variants() {
        let files = ["xml/rules.xml", "xml-v31/rules.xml", "xml/b.xml"].map(|name| Entry::new(name, ""));
        assert_eq!(symbols(&files), "int xml b 0x0\nint xml rules 0x0\n");
    }
}
