//! Building the fuzz targets: what cargo-fuzz would do, which is a few flags.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Failure};

/// What libFuzzer steers by. These flags are stable.
const COVERAGE: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// This one is not.
const ADDRESS_SANITIZER: &str = "-Zsanitizer=address";

/// Who builds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Toolchain {
    Nightly,
    Own,
}

/// What is watched for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watch {
    /// The rules of the targets, and panics.
    Rules,
    /// Errors of memory too, where a nightly toolchain is there: our code has no way to make one, its libraries have.
    MemoryToo,
}

/// Builds every target and gives the folder that they are in.
pub(super) fn all(place: &Path, watch: Watch) -> Result<PathBuf, Failure> {
    let nightly = watch == Watch::MemoryToo && has_nightly();
    let toolchain = if nightly { Toolchain::Nightly } else { Toolchain::Own };
    let triple = triple(toolchain)?;
    let (folder, flags) = match toolchain {
        Toolchain::Nightly => ("address-sanitizer", [COVERAGE, &[ADDRESS_SANITIZER]].concat()),
        Toolchain::Own => ("no-sanitizer", COVERAGE.to_vec()),
    };
    let place = place.join(folder);
    let fixed = ["build", "--locked", "--release", "--manifest-path", "fuzz/Cargo.toml", "--bins"];
    let mut command = with(toolchain, &fixed);
    // With a target named, build scripts and macros are built without these flags.
    command.args(["--target", &triple, "--target-dir"]).arg(&place).env("RUSTFLAGS", flags.join(" "));
    shell::run(&mut command)?;
    Ok(place.join(triple).join("release"))
}

/// Why it cannot be done, in a line; nothing if it can.
pub(super) fn what_is_missing() -> Option<&'static str> {
    let compiler = std::env::var_os("CXX").is_some() || shell::find("c++").is_some();
    (!compiler).then_some("fuzzing needs a C++ compiler: on Debian or Ubuntu `apt-get install g++`")
}

fn has_nightly() -> bool {
    let version = ["run", "nightly", "rustc", "--version"];
    cfg!(target_os = "linux") && shell::succeeds(&mut shell::command("rustup", version))
}

fn with(toolchain: Toolchain, args: &[&str]) -> Command {
    match toolchain {
        Toolchain::Own => shell::cargo(args),
        Toolchain::Nightly => {
            let mut command = shell::command("rustup", ["run", "nightly", "cargo"]);
            // The variables that name our own toolchain's programs.
            command.args(args).env_remove("RUSTC").env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
            command
        }
    }
}

/// What the toolchain builds for by itself.
fn triple(toolchain: Toolchain) -> Result<String, Failure> {
    let version = shell::output(&mut with(toolchain, &["-vV"]))?;
    let triple = version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned);
    triple.ok_or_else(|| Failure::new("cargo does not say what it builds for"))
}
