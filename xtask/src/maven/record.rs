//! `cargo xtask maven-sums`: writes the list of artefacts anew, after a version was changed.
//!
//! Everything that runs Maven is run once, with a network and over an empty folder; what is then in that folder is the list. Nothing is
//! compared during such a run, so what it changes in the list is to be read before it is checked in.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use super::{fetch, is_ours, list};
use crate::shell::{Failure, Verdict};
use crate::{api, bench, scratch, test, tree};

/// Where versions compete Gradle takes the highest and Maven the nearest: what Gradle alone takes for the consumer's program.
const FOR_GRADLE: [&str; 1] = ["org/jetbrains/annotations/23.0.0/annotations-23.0.0.jar"];

static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// Whether this program is at it.
pub(crate) fn is_on() -> bool {
    FOLDER.get().is_some()
}

/// The folder that fills.
pub(super) fn folder() -> Option<PathBuf> {
    FOLDER.get().cloned()
}

/// Runs everything, and writes the list if all of it went well.
pub(crate) fn run() -> Result<Verdict, Failure> {
    let place = scratch::folder("maven-sums")?;
    fetch::fetch(&FOR_GRADLE, place.path())?;
    let _ = FOLDER.set(place.path().to_owned());
    let verdicts =
        [test::kotlin()?, api::run(true, Some(api::Language::Kotlin))?, bench::get_ready_for_the_jvm()?];
    if verdicts.contains(&Verdict::Failed) {
        return Ok(Verdict::Failed);
    }
    let mut all = tree::read(place.path())?;
    all.retain(|path, _| is_artefact(path) && !is_ours(path));
    let path = list::path();
    let before = list::read(&path).unwrap_or_default();
    for (name, sum) in &all {
        if before.get(name).is_some_and(|old| old != sum) {
            println!("CHANGED: {name} had another sum before: a version that is released does not change");
        }
    }
    fs::write(&path, tree::lines(&all))
        .map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
    println!("{} files, {} before", all.len(), before.len());
    Ok(Verdict::Passed)
}

/// Not what Maven notes for itself beside them.
fn is_artefact(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let of_mavens = name.starts_with("maven-metadata")
        || ["_remote.repositories", "resolver-status.properties"].contains(&name);
    !of_mavens && ![".sha1", ".md5", ".lastUpdated", ".lock", ".curl"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_artefacts_are_listed() {
        for name in ["a-1.jar", "a-1.pom", "a-1.aar", "a-1-sources.jar"] {
            assert!(is_artefact(&format!("g/a/1/{name}")), "{name}");
        }
        let others =
            ["a-1.jar.sha1", "_remote.repositories", "maven-metadata-central.xml", "a.jar.lastUpdated"];
        for name in others {
            assert!(!is_artefact(&format!("g/a/1/{name}")), "{name}");
        }
    }
}
