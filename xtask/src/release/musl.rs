//! `b2auth` over musl: one file without any library beside it, which looks names up by itself.
//!
//! The C code in it and the linking are Zig's, from PyPI, called by cargo-zigbuild: linked by musl-gcc with the compiler library of
//! glibc's, every panic would be a segmentation fault. The standard library is that of the installed target, or built from
//! Debian's sources.

use std::path::PathBuf;

use super::plan::Plan;
use crate::cargo_tool::CargoTool;
use crate::python::{self, Packages};
use crate::shell::{self, Failure};
use crate::{debian_rust, reproducible};

pub(super) const TARGET: &str = "x86_64-unknown-linux-musl";

const ZIGBUILD: CargoTool =
    CargoTool { name: "cargo-zigbuild", version: "0.24.1", line: "0.24.1", verb: None, arguments: &[] };

/// Why it cannot be built here, in a line; nothing if it can.
pub(super) fn what_is_missing() -> Option<&'static str> {
    if let Some(reason) = python::what_is_missing() {
        return Some(reason);
    }
    if is_installed() { None } else { debian_rust::what_is_missing() }
}

/// Where Zig is, with the sources of the C library and the licences of its parts.
pub(super) fn zig_folder() -> Result<PathBuf, Failure> {
    let find = ["-c", "import os, ziglang; print(os.path.dirname(ziglang.__file__))"];
    Ok(shell::output(&mut shell::command(Packages::Zig.python()?, find))?.trim().into())
}

/// What calls it.
pub(super) fn tool_version() -> String {
    format!("{} {}", ZIGBUILD.name, ZIGBUILD.version)
}

/// Builds it.
pub(super) fn build(plan: &Plan) -> Result<PathBuf, Failure> {
    let zig = zig_folder()?.join("zig");
    let target = plan.work.join("musl");
    let mut command = shell::command(ZIGBUILD.find_or_install()?, ["zigbuild", "--locked", "--release"]);
    command.args(["-p", "auth-cli", "--bin", "b2auth", "--target", TARGET, "--target-dir"]).arg(&target);
    let flag = "-Clink-self-contained=no";
    if is_installed() {
        reproducible::set_up_with(&mut command, &[flag.to_owned()])?;
    } else {
        command.arg("-Zbuild-std=std,panic_unwind");
        debian_rust::set_up(&mut command, &[flag])?;
    }
    // Not the proxy for several toolchains, which would put its own compiler first.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = target.join(TARGET).join("release/b2auth");
    reproducible::forget(&built)?;
    shell::run(command.env("CARGO", cargo).env("CARGO_ZIGBUILD_ZIG_PATH", zig))?;
    Ok(built)
}

/// Whether the project's own toolchain has the target.
pub(super) fn is_installed() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut print = shell::command(rustc, ["--print", "target-libdir", "--target", TARGET]);
    shell::output(&mut print).is_ok_and(|folder| PathBuf::from(folder.trim()).is_dir())
}
