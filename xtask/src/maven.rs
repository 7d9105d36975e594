//! Maven, for every verb that needs it: one version, without a network, over artefacts whose sums are checked in.
//!
//! `xtask/maven/checksums.sha256` lists every file that Maven takes from a repository, and Maven itself. They are fetched by curl,
//! compared with their sums, and kept in a folder of their own below the user's cache; before each run they are compared again, and what
//! is not listed is removed. Maven then runs offline over that folder: what is not listed is not there, plugins as little as libraries.
//! `cargo xtask maven-sums` writes the list anew.
//!
//! Maven could compare sums by itself (its resolver's trusted checksums), but asks for those of our own modules too, which are folders of
//! classes while it builds them, and stops.

mod fetch;
mod home;
mod list;
mod record;
mod repository;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) use self::record::{is_on as is_recorded, run as record};
use crate::package::GROUP;
use crate::shell::{self, Failure};
use crate::sums;

/// Maven with these arguments. What it may take is there and as it was listed when this returns.
pub(crate) fn command<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Result<Command, Failure> {
    let repository = repository()?;
    // Before the others: the last of theirs may wait for a word.
    let mut command = bare(&home::ready()?, [format!("-Dmaven.repo.local={}", repository.display())]);
    if !is_recorded() {
        command.arg("--offline").arg("--settings").arg(shell::root().join("xtask/maven/settings.xml"));
        // A repository in a folder is no network: our own artefacts come from one.
        command.arg("-Daether.offline.protocols=file");
    }
    command.args(args);
    Ok(command)
}

/// The program itself. What the environment would add to its arguments is not for a run of ours.
fn bare<S: AsRef<OsStr>>(home: &Path, args: impl IntoIterator<Item = S>) -> Command {
    let mut command = shell::command(home.join("bin/mvn"), args);
    command.env_remove("MAVEN_ARGS");
    command
}

/// Its version and that of the Java that it runs on.
pub(crate) fn versions() -> Result<String, Failure> {
    shell::output(&mut bare(&home::ready()?, ["--version", "-Dstyle.color=never"]))
}

/// The folder of artefacts, all of them listed and compared with their sums just now. None of them is ours.
pub(crate) fn repository() -> Result<PathBuf, Failure> {
    match record::folder() {
        Some(folder) => Ok(folder),
        None => repository::ready(),
    }
}

/// Whether a file has the sum of a listed one, under whatever name, or is in this folder of our own.
pub(crate) fn is_listed(file: &Path, ours: &Path) -> Result<bool, Failure> {
    if is_recorded() || file.starts_with(ours) {
        return Ok(true);
    }
    let sum = sums::of_file(file)?;
    Ok(list::read(&list::path())?.values().any(|listed| *listed == sum))
}

/// Whether a plugin that is at Maven Central, but not in the list, does not run.
pub(crate) fn refuses_what_is_not_listed() -> Result<bool, Failure> {
    let plugin = "org.apache.maven.plugins:maven-help-plugin:3.5.1:help";
    let is_there = repository()?.join("org/apache/maven/plugins/maven-help-plugin").exists();
    Ok(is_recorded() || !is_there && !shell::succeeds(&mut command(["--batch-mode", "--quiet", plugin])?))
}

/// Why it cannot run here, in a line; nothing if it can.
pub(crate) fn what_is_missing() -> Option<String> {
    let missing: Vec<_> =
        ["java", "javac", "curl"].into_iter().filter(|tool| shell::find(tool).is_none()).collect();
    let need = "a JDK 17 or newer and curl (Debian: apt-get install openjdk-17-jdk-headless curl)";
    (!missing.is_empty()).then(|| format!("no {}; it needs {need}", missing.join(", no ")))
}

/// Whether a path in a repository is of our own group: built here, so no list knows its sum.
fn is_ours(path: &str) -> bool {
    path.strip_prefix(&GROUP.replace('.', "/")).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Maven started in any other way would take what it likes.
    #[test]
    fn nothing_goes_round_this_module() {
        fn look(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    look(&entry, found);
                } else if fs::read_to_string(&entry).unwrap().contains(concat!("\"m", "vn\"")) {
                    found.push(entry);
                }
            }
        }
        let mut found = Vec::new();
        look(&shell::root().join("xtask/src"), &mut found);
        assert_eq!(found, [""; 0].map(PathBuf::from));
    }

    #[test]
    fn our_own_group_is_told_from_those_that_begin_alike() {
        assert!(is_ours("b2core/auth/b2core-auth/1/b2core-auth-1.jar"));
        assert!(!is_ours("b2core/authx/a/1/a-1.jar") && !is_ours("org/b2core/auth/a-1.jar"));
    }
}
