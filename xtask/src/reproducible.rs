//! What makes two builds of one commit the same bytes: no folder of the machine in them, and the commit's own date.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Failure};
use crate::workspace;

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
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(changes_a_build) {
            command.env_remove(name);
        }
    }
    command.env("CARGO_ENCODED_RUSTFLAGS", flags).env_remove("RUSTFLAGS");
    command.env("CARGO_INCREMENTAL", "0").env("SOURCE_DATE_EPOCH", date()?.to_string());
    Ok(())
}

/// Variables of whoever runs this that would change what is built. Compilers and linkers for one target stay: a build for another
/// system has no other way to find them.
fn changes_a_build(variable: &str) -> bool {
    let names = [
        "CC",
        "CXX",
        "AR",
        "LDFLAGS",
        "CPPFLAGS",
        "CROSS_COMPILE",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
    ];
    let prefixes = ["CFLAGS", "CXXFLAGS", "CARGO_PROFILE_", "CARGO_BUILD_", "CARGO_UNSTABLE_"];
    let of_a_target = variable.starts_with("CARGO_TARGET_")
        && ["_RUSTFLAGS", "_RUNNER"].iter().any(|end| variable.ends_with(end));
    names.contains(&variable) || prefixes.iter().any(|prefix| variable.starts_with(prefix)) || of_a_target
}

/// Removes what an earlier build has left under this name, so that nothing but the next build's result can be taken for it.
pub(crate) fn forget(built: &Path) -> Result<(), Failure> {
    match fs::remove_file(built) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::new(format!("{}: {cause}", built.display())))
        }
        _ => Ok(()),
    }
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
    folders.retain(|folder| !is_of_a_file(folder));
    folders.sort();
    // A mirror's folder has another name than the registry's own.
    let registries = folders.iter().map(|folder| (folder.as_path(), "/cargo"));
    let (root, target) = (shell::root(), workspace::target_folder()?);
    let all = [(root.as_path(), "/src"), (target.as_path(), "/src/target")].into_iter().chain(registries);
    Ok(all.map(|(from, to)| remap(from, to)).collect())
}

/// Whether this is the folder of a registry that is itself a folder: it has no host's name. `cargo package` makes one in passing, and
/// a flag that comes and goes would have everything built anew.
fn is_of_a_file(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with('-'))
}

fn remap(from: &Path, to: &str) -> String {
    format!("--remap-path-prefix={}={to}", from.display())
}

fn cargo_home() -> Result<PathBuf, Failure> {
    let set = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = set.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    home.ok_or_else(|| Failure::new("there is no home folder: set CARGO_HOME"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registries_that_cargo_makes_in_passing_have_no_flag() {
        assert!(is_of_a_file(Path::new("/home/registry/src/-8c34b59979681e09")));
        assert!(!is_of_a_file(Path::new("/home/registry/src/mirror.example-1949cf8c6b5b557f")));
    }

    #[test]
    fn a_build_that_is_shipped_does_not_depend_on_variables_of_the_machine() {
        for name in [
            "CFLAGS",
            "CFLAGS_x86_64_unknown_linux_musl",
            "CC",
            "CARGO_PROFILE_RELEASE_LTO",
            "CARGO_BUILD_TARGET",
        ] {
            assert!(changes_a_build(name), "{name}");
        }
        assert!(changes_a_build("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS"));
        for name in [
            "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER",
            "CC_aarch64_unknown_linux_gnu",
            "CARGO_HOME",
            "PATH",
        ] {
            assert!(!changes_a_build(name), "{name}");
        }
    }

    #[test]
    fn sources_and_generated_code_have_the_same_names_everywhere() {
        let flags = remapped().unwrap();
        assert!(
            flags.iter().any(|flag| flag.ends_with("=/src"))
                && flags.iter().any(|flag| flag.ends_with("=/cargo"))
        );
        // What is below a folder comes after it: rustc takes the last that fits.
        let place = |end: &str| flags.iter().position(|flag| flag.ends_with(end));
        assert!(place("=/src") < place("=/src/target"));
    }
}
