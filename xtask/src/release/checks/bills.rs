//! CycloneDX's own validator, which refuses what the specification does not know.

use super::super::plan::Plan;
use super::Look;
use crate::python::{self, Packages};
use crate::shell::{self, Failure};
use crate::tree;

pub(super) fn run(plan: &Plan) -> Result<Look, Failure> {
    if let Some(reason) = python::what_is_missing() {
        return Look::not_run(reason);
    }
    let python = Packages::Checks.python()?;
    let folder = plan.folder.join("sbom");
    let files = tree::read(&folder)?;
    if files.is_empty() {
        return Err(Failure::new("there is none"));
    }
    let mut command = shell::command(python, ["xtask/scripts/check-sbom.py"]);
    shell::run(command.args(files.keys().map(|name| folder.join(name))))?;
    Ok(Look::Holds)
}
