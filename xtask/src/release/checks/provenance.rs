//! The statement, and if there is a key its signature, in the hands of in-toto's own libraries. They get the public key alone.

use super::super::plan::Plan;
use super::super::steps::{ENVELOPE, STATEMENT};
use super::Look;
use crate::python::{self, Packages};
use crate::shell::{self, Failure};

pub(super) fn run(plan: &Plan) -> Result<Look, Failure> {
    if let Some(reason) = python::what_is_missing() {
        return Look::not_run(reason);
    }
    let mut command = shell::command(Packages::Checks.python()?, ["xtask/scripts/check-provenance.py"]);
    command.arg(&plan.folder).arg(STATEMENT);
    if let Some(key) = &plan.key {
        let public: String = key.public().iter().map(|byte| format!("{byte:02x}")).collect();
        command.arg(ENVELOPE).arg(public);
    }
    shell::run(&mut command)?;
    Ok(Look::Holds)
}
