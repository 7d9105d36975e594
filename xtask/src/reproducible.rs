//! What makes two builds of one commit the same bytes: no folder of the machine in them, and the commit's own date.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Failure};

/// Prepares a command of cargo's that builds something which is shipped.
pub(crate) fn set_up(command: &mut Command) -> Result<(), Failure> {
    set_up_with(command, &[])
}

/// The same, with more flags for rustc.
pub(crate) fn set_up_with(command: &mut Command, more: &[String]) -> Result<(), Failure> {
    let mut flags = OsString::new();
    for flag in remapped()?.into_iter().chain(more.iter().cloned()) {
        if !flags.is_empty() {
            flags.push("\x1f");
        }
        flags.push(flag);
    }
    command.env("CARGO_ENCODED_RUSTFLAGS", flags).env_remove("RUSTFLAGS");
    command.env("CARGO_INCREMENTAL", "0").env("SOURCE_DATE_EPOCH", date()?.to_string());
    Ok(())
}

/// The time of the commit that is checked out, in seconds since 1970: the date of whatever is made of it.
pub(crate) fn date() -> Result<u64, Failure> {
    let seconds = shell::output(&mut shell::command("git", ["log", "-1", "--format=%ct"]))?;
    seconds.trim().parse().map_err(|_| Failure::new(format!("git gives no date: `{}`", seconds.trim())))
}

/// Flags that give the folders of sources and of generated code names that are the same everywhere.
fn remapped() -> Result<Vec<String>, Failure> {
    // Afterwards the folders of the registries are there.
    shell::output(&mut shell::cargo(["fetch", "--locked", "--quiet"]))?;
    let sources = cargo_home()?.join("registry/src");
    let mut folders: Vec<_> =
        fs::read_dir(&sources).into_iter().flatten().flatten().map(|it| it.path()).collect();
    folders.sort();
    // A mirror's folder has another name than the registry's own.
    let registries = folders.iter().map(|folder| (folder.as_path(), "/cargo"));
    let (root, target) = (shell::root(), shell::target_folder()?);
    let all = [(root.as_path(), "/src"), (target.as_path(), "/src/target")].into_iter().chain(registries);
    Ok(all.map(|(from, to)| remap(from, to)).collect())
}

fn remap(from: &Path, to: &str) -> String {
    format!("--remap-path-prefix={}={to}", from.display())
}

fn cargo_home() -> Result<PathBuf, Failure> {
    let set = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = set.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    home.ok_or_else(|| Failure::new("there is no home folder: set CARGO_HOME"))
}
