//! LLVM's tools for object files and archives: Debian adds a version to their names.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::{apt_install, way_to_install};
use crate::shell::{self, Failure};

/// The package that is installed if there is none, and the oldest version that will do.
const PACKAGE: &str = "llvm-22";
const VERSIONS: std::ops::RangeInclusive<u32> = 19..=30;

/// Finds one of them, or installs all.
pub(crate) fn tool(name: &str) -> Result<PathBuf, Failure> {
    if let Some(found) = find(name) {
        return Ok(found);
    }
    let missing = || Failure::new(format!("no {name}: {}", advice()));
    let become_root = way_to_install().ok_or_else(missing)?;
    apt_install(&become_root, &[PACKAGE])?;
    find(name).ok_or_else(missing)
}

/// What one of them says of its version: `Debian LLVM version 22.1.8`. Nothing if there is none yet.
pub(crate) fn version(name: &str) -> Option<String> {
    let said = shell::output(&mut shell::command(find(name)?, ["--version"])).ok()?;
    said.lines().find(|line| line.contains("LLVM version")).map(|line| line.trim().to_owned())
}

/// Why there is none of this name here, in a line; nothing if there is, or if it can be installed without a question.
pub(crate) fn what_is_missing(name: &str) -> Option<String> {
    let is_there = find(name).is_some() || way_to_install().is_some();
    (!is_there).then(|| format!("no {name}: {}", advice()))
}

/// Apple's developer tools have neither of the two that we call.
fn advice() -> &'static str {
    if cfg!(target_os = "macos") {
        "`brew install llvm`, or `rustup component add llvm-tools`"
    } else {
        "it needs LLVM's tools (Debian: apt-get install llvm-22)"
    }
}

fn find(name: &str) -> Option<PathBuf> {
    let versions = VERSIONS.rev().filter_map(|version| shell::find(&format!("{name}-{version}")));
    versions
        .chain(shell::find(name))
        .chain(elsewhere().into_iter().map(|folder| folder.join(name)))
        .find(|it| it.is_file())
}

/// Folders that are on no PATH: Homebrew's, whose LLVM would hide Apple's, and that of rustup's component.
fn elsewhere() -> Vec<PathBuf> {
    let said = |command: &mut Command| {
        let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
        Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
    };
    let brew = shell::find("brew").and_then(|brew| said(&mut shell::command(brew, ["--prefix", "llvm"])));
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let libraries = said(&mut shell::command(rustc, ["--print", "target-libdir"]));
    // `lib/rustlib/TARGET/lib`, beside `bin`.
    let of_rustup = libraries.map(|libraries| libraries.with_file_name("bin"));
    brew.map(|brew| brew.join("bin")).into_iter().chain(of_rustup).collect()
}
