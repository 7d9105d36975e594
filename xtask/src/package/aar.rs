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
    sources: &Path,
) -> Result<Vec<u8>, Failure> {
    let read = |name: &str| {
        let path = sources.join(name);
        fs::read(&path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))
    };
    let mut classes = core.classes()?;
    // The JDK's HTTP client is not on Android.
    classes.retain(|entry| !entry.name.starts_with("b2core/auth/JavaHttp") && entry.name != MANIFEST_OF_JAR);
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
    archive::bytes(entries)
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
    fn a_resource_is_listed_once_whatever_its_variants() {
        let files = ["xml/rules.xml", "xml-v31/rules.xml", "xml/b.xml"].map(|name| Entry::new(name, ""));
        assert_eq!(symbols(&files), "int xml b 0x0\nint xml rules 0x0\n");
    }
}
