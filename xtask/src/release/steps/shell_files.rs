//! Completions for five shells, and the man pages, written by `b2auth` from its own command line.

use std::path::Path;

use super::super::plan::Plan;
use super::Made;
use super::b2auth;
use crate::shell::{self, Failure};

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    let program = b2auth::build(plan, &["--features", "shell-files"], &[])?;
    shell::run(shell::command(program, [""; 0]).env("B2AUTH_SHELL_FILES", folder))?;
    Ok(Made::everything())
}
