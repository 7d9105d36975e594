//! The suites of the other languages: what they need, how they are run, and what they count.

mod kotlin;
mod swift;

use std::io;
use std::process::Stdio;

use super::{Counts, stream};
use crate::shell::{self, Failure};

/// How a suite ended.
pub(crate) enum Suite {
    /// It ran.
    Ran(Counts),
    /// This machine cannot have what it needs, which is said here in a line.
    NotRun(String),
}

/// A suite by its name.
type Run = fn() -> Result<Suite, Failure>;

/// All suites, in the order in which they run.
pub(crate) const ALL: &[(&str, Run)] = &[("Kotlin", kotlin::run), ("Swift", swift::run)];

/// Runs a suite's command and shows its output as it comes; `count` reads the closing lines. A command that fails without
/// a failed test counts as one.
fn counted(command: &mut std::process::Command, count: impl FnMut(&str)) -> Result<bool, Failure> {
    shell::announce(command);
    command.stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|cause| shell::not_started(command, &cause))?;
    if let Some(stdout) = child.stdout.take() {
        stream(stdout, io::stdout().lock(), count)
            .map_err(|cause| Failure::new(format!("cannot pass the tests' output on: {cause}")))?;
    }
    let status = child.wait().map_err(|cause| shell::not_started(command, &cause))?;
    if !status.success() {
        eprintln!("error: {}", shell::unsuccessful(command, status));
    }
    Ok(status.success())
}

/// The library that the bindings load and the command that serves the sandbox, built as the workspace's tests build them.
fn build() -> Result<std::path::PathBuf, Failure> {
    shell::run(&mut shell::cargo(["build", "-p", "auth-ffi"]))?;
    shell::run(&mut shell::cargo(["build", "-p", "auth-cli"]))?;
    Ok(shell::target_folder()?.join("debug"))
}
