//! CycloneDX's own validator, which refuses what the specification does not know.

use super::super::plan::Plan;
use super::super::tree;
use crate::python;
use crate::shell::{self, Failure};

const VALIDATOR: &str = "cyclonedx-python-lib[validation]==11.12.0";

pub(super) fn run(plan: &Plan) -> Result<(), Failure> {
    let python = python::with(&[VALIDATOR])?;
    let folder = plan.folder.join("sbom");
    let files = tree::read(&folder)?;
    if files.is_empty() {
        return Err(Failure::new("there is none"));
    }
    let mut command = shell::command(python, ["xtask/scripts/check-sbom.py"]);
    shell::run(command.args(files.keys().map(|name| folder.join(name))))
}
